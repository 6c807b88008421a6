/** What a step, or a model, threw, as the error of its trial. */
import { TooLargeError } from "./fit-step.ts";
import { ModelSizeError } from "./refit.ts";
import type { TrialError } from "./trial-orders.ts";

export function toldError(error: unknown): TrialError {
  if (!(error instanceof Error)) return { cause: "error", message: String(error) };
  const { message } = error;
  if (error instanceof ModelSizeError) return { cause: "memory", message, modelBytes: error.bytes };
  return { cause: error instanceof TooLargeError || isAllocationFailure(error) ? "memory" : "error", message };
}

/** V8 has no class of its own for memory that it was refused. */
function isAllocationFailure(error: Error): boolean {
  return error instanceof RangeError && /allocation failed|could not allocate|Unable to grow/.test(error.message);
}
