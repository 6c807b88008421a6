/** How an option is refused: by the name of its field, what it was and what it may be. */

/** An option that does not fit the data. `field` is relative to `spec.trainer.randomForest`. */
export class ForestOptionError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = "ForestOptionError";
    this.field = field;
  }
}

/** @throws {ForestOptionError} unless `value` is a whole number of at least `least` */
export function requireWhole(field: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new ForestOptionError(field, `must be a whole number of at least ${least}, not ${value}`);
}

/** @throws {ForestOptionError} unless `text` is a finite number of at least 0 */
export function requireDecimal(field: string, text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new ForestOptionError(field, `must be a number of at least 0, not ${JSON.stringify(text)}`);
}
