/**
 * How a run can end other than well. The class decides the exit code, which decides what Kubernetes and the operator
 * do next; DataError of data/ is the sixth of them (65, never retried).
 */
import type { FailureClass } from "../traintask/reasons.ts";

/** What is asked for cannot be done as it is asked (64, never retried). */
export class ConfigurationError extends Error {
  override readonly name: string = "ConfigurationError";
  readonly failureClass: FailureClass = "BadConfiguration";
  readonly advice: string | undefined;

  constructor(message: string, options: ErrorOptions & { advice?: string } = {}) {
    super(message, options);
    this.advice = options.advice;
  }
}

/** The model would be larger than the API takes (64, never retried). */
export class ModelTooLargeError extends ConfigurationError {
  override readonly name = "ModelTooLargeError";
  override readonly failureClass = "ModelTooLarge";
}

/** Something outside failed and may be well again: the next attempt goes on from what is stored (75). */
export class TemporaryError extends Error {
  override readonly name: string = "TemporaryError";
  /** How long the other side asks us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** How long trying again makes sense, in milliseconds, where that is less than for most. */
  readonly patienceMs: number | undefined;

  constructor(message: string, options: ErrorOptions & { retryAfterMs?: number; patienceMs?: number } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.patienceMs = options.patienceMs;
  }
}

/** The heap was full (71). */
export class OutOfMemoryError extends Error {
  override readonly name = "OutOfMemoryError";
}

/** Somebody asked us to stop, and what was finished is saved (143). */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}
