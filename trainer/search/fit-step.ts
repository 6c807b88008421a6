/**
 * One step of a trial's pipeline: fitted on some rows, then applied to any. What it would take is looked at before it is
 * taken, and what comes out before it is handed on: a step that would make too many columns, take too much memory or
 * make numbers that are none ends its trial with a sentence that names it.
 */
import { stacked } from "../../model/steps/pipeline.ts";
import type { Matrix, ReadStep, Step } from "../../model/steps/step.ts";
import { type Fitted, type Operator, OperatorError, type Parameters, type Target } from "../operators/operator.ts";
import { type OperatorTable, pipelineText, type PipelineStep } from "./pipeline.ts";
import { stepSeed } from "./step-seed.ts";

export interface Fitting {
  readonly operators: OperatorTable;
  readonly steps: Readonly<Record<string, Step>>;
  /** The task's. */
  readonly seed: number;
  /** Most columns that a step may make. */
  readonly maxColumns: number;
  /** Bytes that fitting or applying a step may take beside its input. */
  readonly fitBytes: number;
}

/** A step would take more memory than a trial may: it is given up before it does. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/** A step of a pipeline, and the text of the pipeline up to it. */
export interface PlacedStep extends PipelineStep {
  readonly prefix: string;
}

export interface FittedStep {
  readonly fitted: Fitted;
  /** Applies it. What follows a predictor that is not the last step gets its answers beside the columns that went in. */
  apply(x: Matrix, how?: { readonly last: boolean }): Matrix;
}

export interface StepRows {
  readonly x: Matrix;
  readonly target: Target;
}

/** Most columns after any step: of wide data more, so that not every step is too much for it. */
export function columnCap(inputColumns: number): number {
  return Math.max(500, 2 * inputColumns);
}

/** Each step with its text. */
export function placed(pipeline: readonly PipelineStep[]): PlacedStep[] {
  return pipeline.map((step, index) => ({ ...step, prefix: pipelineText(pipeline.slice(0, index + 1)) }));
}

/**
 * @param grow in place of the operator's `fit`: how an ensemble goes on
 * @throws {OperatorError} why these rows cannot be fitted, naming the step; TooLargeError
 */
export function fitStep(
  fitting: Fitting,
  step: PlacedStep,
  { x, target, grow }: StepRows & { grow?: Grow },
): FittedStep {
  const operator = fitting.operators[step.operator];
  const kind = fitting.steps[step.operator];
  if (operator === undefined || kind === undefined) throw new OperatorError(`there is no operator ${step.operator}`);
  return named(step, () => {
    const classes = target.problemType === "classification" ? target.classes : undefined;
    const needed = operator.bytes?.({ rows: x.rows, columns: x.columns, classes }, step.parameters) ?? 0;
    checkBytes("would take", needed, fitting);
    const input = { x, target, seed: stepSeed(fitting.seed, step.prefix) };
    const fitted = grow === undefined ? operator.fit(input, step.parameters) : grow(operator, input);
    const read = kind.read(fitted, { columns: x.columns, classes });
    const columns = operator.kind === "predictor" ? x.columns + read.columns : read.columns;
    if (columns > fitting.maxColumns) {
      const [made, most] = [columns, fitting.maxColumns].map((count) => count.toLocaleString("en-US"));
      throw new OperatorError(`would make ${made} columns, more than ${most}`);
    }
    return { fitted, apply: (rows, how) => named(step, () => applied({ fitting, operator, read }, rows, how)) };
  });
}

export type Grow = (operator: Operator, input: StepRows & { readonly seed: number }) => Fitted;

interface Applying {
  readonly fitting: Fitting;
  readonly operator: Operator;
  readonly read: ReadStep;
}

function applied({ fitting, operator, read }: Applying, x: Matrix, { last } = { last: false }): Matrix {
  checkBytes("would make", 8 * x.rows * read.columns, fitting);
  const output = read.apply(x);
  if (!output.values.every(Number.isFinite)) throw new OperatorError("makes numbers that are not finite");
  return operator.kind === "predictor" && !last ? stacked(output, x) : output;
}

function checkBytes(what: string, bytes: number, { fitBytes }: Fitting): void {
  if (bytes <= fitBytes) return;
  const [needed, most] = [bytes, fitBytes].map((size) => Math.ceil(size / 2 ** 20).toLocaleString("en-US"));
  throw new TooLargeError(`${what} ${needed} MiB, more than ${most} MiB`);
}

/** Whatever goes wrong in a step bears its name: the trial is known by its whole pipeline, which may be long. */
function named<T>({ operator, parameters }: PipelineStep, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error)) throw new Error(`${operator}: ${String(error)}`, { cause: error });
    error.message = `${pipelineText([{ operator, parameters }])}: ${error.message}`;
    throw error;
  }
}

/** Of an ensemble with fewer members than its whole. */
export function withMembers(operator: Operator, parameters: Parameters, members: number): Parameters {
  return operator.growing === undefined ? parameters : { ...parameters, [operator.growing.parameter]: members };
}
