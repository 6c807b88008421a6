/** What ends a boosting, said to the person who asked for it. */

/** An option that does not fit the data. `field` is relative to `spec.trainer.gradientBoosting`. */
export class BoostingOptionError extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = "BoostingOptionError";
    this.field = field;
  }
}

/** A stored line that cannot be continued: these rows, options and this grower would not have made it. */
export class ReplayError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ReplayError";
  }
}

/** A number that is none (NaN, an infinity). It never goes into a model: training ends here instead. */
export class FiniteError extends Error {
  constructor(what: string, value: number) {
    super(`${what} is ${value}: a target or a weight is too large to compute with, or this is a bug of the trainer`);
    this.name = "FiniteError";
  }
}

/** The number itself, with 0 for -0. @throws {FiniteError} for NaN and infinities */
export function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw new FiniteError(what, value);
  return value + 0;
}
