/**
 * A pipeline is its steps in a row: `input`, some transformers, then a predictor. A predictor that is not the last step
 * is stacked: its answers join the columns that went into it.
 *
 *     3 columns --input--> 5 --pca--> 2 --logisticRegression (of 3 classes), stacked--> 5 --decisionTree--> 3
 *
 * Reading it proves that every step takes as many columns as the one before it gives. What cannot be proven beforehand is
 * that numbers stay finite, for a row may hold any number: that is looked at step by step.
 */
import { LineError, ModelFormatError } from "../errors.ts";
import type { StepLine } from "../format.ts";
import { input } from "./input.ts";
import type { Matrix, ReadStep, Shape, Step } from "./step.ts";
import { steps } from "./table.ts";

/** Of the first step of every pipeline, which stands in no table: no search chooses it. */
export const inputOperator = "input";

/** A number that a step has made of a row is none: the row is too far from all that was trained on. */
export class NotFiniteError extends Error {
  override readonly name = "NotFiniteError";
  /** 0-based index among the rows. */
  readonly row: number;
  constructor(operator: string, row: number) {
    super(`${operator} makes a number of it that is not finite`);
    this.row = row;
  }
}

export interface ReadPipeline {
  /**
   * From values as they come (numbers, codes of categories, NaN where one is missing) to the last step's answers: the
   * value, or one probability for each class.
   * @throws {NotFiniteError} for the first row of which a step makes NaN or an infinity
   * @throws {ModelFormatError} where probabilities do not sum to 1: the model was not made by a trainer
   */
  apply(raw: Matrix): Matrix;
}

/** Reads steps one after the other. */
export interface PipelineReader {
  /** @throws {LineError} where this step cannot follow the others */
  add(step: Pick<StepLine, "operator" | "fitted">): void;
  /** @throws {ModelFormatError} where the pipeline does not end with a predictor for its target */
  finish(): ReadPipeline;
}

/** @param shape what goes into the whole pipeline, and the classes that it tells apart */
export function pipelineReader({ columns, classes }: Shape, table = steps): PipelineReader {
  const read: AppliedStep[] = [];
  let width = columns;
  return {
    add({ operator, fitted }) {
      const step = stepOf(operator, read.length, table);
      const last = read.at(-1);
      // Only now it is known that the step before is not the last one.
      if (last?.kind === "predictor") width += last.inputColumns;
      const one = step.read(fitted, { columns: width, classes });
      if (step.kind === "predictor" && one.columns !== (classes ?? 1))
        throw new LineError(`answers ${one.columns} columns, where the target has ${classes ?? 1}`);
      read.push({ operator, kind: step.kind, inputColumns: width, ...one });
      width = one.columns;
    },
    finish() {
      const last = read.at(-1);
      if (last?.kind !== "predictor") throw new ModelFormatError("the pipeline does not end with a predictor");
      return { apply: (raw) => applied(read, { raw, classes }) };
    },
  };
}

/**
 * A whole pipeline, `input` first.
 * @throws {LineError} naming the step that is not as it must be
 * @throws {ModelFormatError} where it does not end with a predictor
 */
export function readPipeline(
  lines: readonly Pick<StepLine, "operator" | "fitted">[],
  shape: Shape,
  table = steps,
): ReadPipeline {
  const reader = pipelineReader(shape, table);
  for (const line of lines) reader.add(line);
  return reader.finish();
}

/** What follows a predictor that is not the last step: its input's columns, then its answers. */
export function stacked(output: Matrix, { rows, columns, values }: Matrix): Matrix {
  const width = columns + output.columns;
  const joined = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    joined.set(values.subarray(row * columns, (row + 1) * columns), row * width);
    joined.set(output.values.subarray(row * output.columns, (row + 1) * output.columns), row * width + columns);
  }
  return { rows, columns: width, values: joined };
}

/** @throws {NotFiniteError} for the first row of a step's output that has NaN or an infinity */
export function checkFinite({ columns, values }: Matrix, operator: string): void {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new NotFiniteError(operator, Math.floor(wrong / columns));
}

interface AppliedStep extends ReadStep, Pick<Step, "kind"> {
  readonly operator: string;
  readonly inputColumns: number;
}

function stepOf(operator: string, index: number, table: typeof steps): Step {
  if (index === 0) {
    if (operator !== inputOperator) throw new LineError(`is of ${operator}, where ${inputOperator} should be`);
    return input;
  }
  const step = Object.hasOwn(table, operator) ? table[operator] : undefined;
  if (step === undefined) throw new LineError(`is of an operator unknown here: ${JSON.stringify(operator)}`);
  return step;
}

interface Applying extends Pick<Shape, "classes"> {
  readonly raw: Matrix;
}

function applied(read: readonly AppliedStep[], { raw, classes }: Applying): Matrix {
  let matrix = raw;
  for (const [index, step] of read.entries()) {
    const output = step.apply(matrix);
    checkFinite(output, step.operator);
    if (step.kind === "predictor" && classes !== undefined) checkShares(output, step.operator);
    matrix = step.kind === "predictor" && index < read.length - 1 ? stacked(output, matrix) : output;
  }
  return matrix;
}

/** Steps sum in floating point: what is further from 1 than that is no rounding. */
const tolerance = 1e-6;

function checkShares({ columns, values }: Matrix, operator: string): void {
  for (let from = 0; from < values.length; from += columns) {
    let sum = 0;
    let least = 0;
    for (let at = from; at < from + columns; at++) {
      sum += values[at]!;
      least = Math.min(least, values[at]!);
    }
    if (Math.abs(sum - 1) > tolerance || least < 0)
      throw new ModelFormatError(`the probabilities of ${operator} do not sum to 1`);
  }
}
