/**
 * A pipeline on all training rows: the lines of the model file below its header, and its scores on the held-out rows. They
 * are those of the pipeline as it is read from its lines, as whoever predicts with it will do: so a model that
 * cannot be read is never stored.
 */
import type { StepLine } from "../../model/format.ts";
import { input } from "../../model/steps/input.ts";
import { inputOperator, readPipeline } from "../../model/steps/pipeline.ts";
import { writeLine } from "../../model/write.ts";
import { fitInput } from "../operators/input.ts";
import { type Scores, scoresOn } from "../scores.ts";
import { type Evaluator, shapeOf } from "./evaluate.ts";
import { type FittedStep, fitStep, placed } from "./fit-step.ts";
import type { Pipeline } from "./pipeline.ts";
import { takeRows } from "./trial-data.ts";

export interface Refit {
  readonly pipeline: Pipeline;
  /** Most bytes of all lines, and of a single one, line breaks included. */
  readonly maxModelBytes: number;
  readonly maxLineBytes: number;
}

export interface Refitted {
  /** Without line breaks, `input` first. */
  readonly lines: readonly string[];
  /** Absent where no row is held out. */
  readonly heldOut?: Scores;
}

/** The pipeline is as it should be, but its model is larger than is kept. */
export class ModelSizeError extends Error {
  override readonly name = "ModelSizeError";
  readonly bytes: number;
  constructor(bytes: number, { maxModelBytes, maxLineBytes }: Omit<Refit, "pipeline">) {
    super(`its model has ${bytes} bytes; at most ${maxModelBytes} are kept, and ${maxLineBytes} of a step`);
    this.bytes = bytes;
  }
}

/** Where no row is held out, so many training rows show that the pipeline answers. */
const triedRows = 100;

/** @throws as Evaluator.evaluate does */
export function refit({ data, fitting }: Evaluator, { pipeline, maxModelBytes, maxLineBytes }: Refit): Refitted {
  const { target } = data;
  const filling = fitInput(data.x, data.input);
  let x = input.read(filling, shapeOf(data)).apply(data.x);
  const steps: StepLine[] = [{ kind: "step", step: 0, operator: inputOperator, fitted: filling }];
  for (const step of placed(pipeline)) {
    const fitted: FittedStep = fitStep(fitting, step, { x, target });
    steps.push({ kind: "step", step: steps.length, operator: step.operator, fitted: fitted.fitted });
    if (steps.length <= pipeline.length) x = fitted.apply(x);
  }
  const lines = steps.map(writeLine);
  const sizes = lines.map((line) => Buffer.byteLength(line) + 1);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (Math.max(...sizes) > maxLineBytes || bytes > maxModelBytes)
    throw new ModelSizeError(bytes, { maxModelBytes, maxLineBytes });
  const read = readPipeline(steps, shapeOf(data), fitting.steps);
  if (data.heldOut === undefined) {
    read.apply(takeRows(data.x, firstRows(Math.min(triedRows, data.x.rows))));
    return { lines };
  }
  const { x: rows, target: truth } = data.heldOut;
  const heldOut = scoresOn(truth, firstRows(rows.rows), read.apply(rows).values);
  return { lines, ...(heldOut === undefined ? {} : { heldOut }) };
}

function firstRows(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, row) => row);
}
