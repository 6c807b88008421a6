/** What an error that ended a run means to the outside: an exit code, and a class with a sentence for the task's status. */
import { DataError } from "../data/error.ts";
import { exitCode } from "../traintask/contract.ts";
import type { FailureClass } from "../traintask/reasons.ts";
import { ConfigurationError, OutOfMemoryError, StoppedError, TemporaryError } from "./errors.ts";

export interface Outcome {
  readonly exitCode: number;
  /** Absent when the run was stopped by request: that is no failure. */
  readonly failure?: { readonly class: FailureClass; readonly message: string; readonly advice?: string };
}

/** Node's own code for an uncaught error; it counts against the task's backoffLimit. */
const unexpected = 1;

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof StoppedError) return { exitCode: exitCode.stoppedByRequest };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DataError) return { exitCode: exitCode.badData, failure: { class: "BadData", message } };
  if (error instanceof ConfigurationError) {
    const { failureClass, advice } = error;
    return {
      exitCode: exitCode.badConfiguration,
      failure: { class: failureClass, message, ...(advice === undefined ? {} : { advice }) },
    };
  }
  if (error instanceof OutOfMemoryError) {
    const advice = "Give spec.resources.limits.memory more, or grow smaller trees (maxDepth, minSamplesLeaf).";
    return { exitCode: exitCode.outOfMemory, failure: { class: "OutOfMemory", message, advice } };
  }
  const code = error instanceof TemporaryError ? exitCode.temporary : unexpected;
  return { exitCode: code, failure: { class: "TrainerError", message } };
}
