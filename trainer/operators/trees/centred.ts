/** A target that squares neither overflow nor swallow: around 0, its greatest number about 1. */
import { OperatorError } from "../operator.ts";

export interface Centred {
  readonly numbers: Float64Array;
  readonly mean: number;
  /** A power of two, so that dividing by it changes no digit: `values[i]` is about `mean + numbers[i] * unit`. */
  readonly unit: number;
  /** From the least to the greatest value. */
  readonly range: number;
}

/** @throws {OperatorError} where values are so far apart that their difference is not finite */
export function centred(values: Float64Array): Centred {
  let mean = 0;
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of values) {
    mean += value / values.length;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const range = greatest - least;
  if (!Number.isFinite(range)) throw new OperatorError("the target has numbers that are too far apart");
  const unit = range > 0 ? 2 ** Math.max(-1000, Math.floor(Math.log2(range))) : 1;
  return { numbers: values.map((value) => (value - mean) / unit), mean, unit, range };
}
