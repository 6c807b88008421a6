/** What operators ask about single columns. */
import type { Matrix } from "../../model/steps/step.ts";

/** A copy of a column. */
export function columnOf({ rows, columns, values }: Matrix, column: number): Float64Array {
  const copy = new Float64Array(rows);
  for (let row = 0, at = column; row < rows; row++, at += columns) copy[row] = values[at]!;
  return copy;
}

/** What a column is divided by: its spread, or 1 where that is nothing but rounding (scikit-learn's limit). */
export const divisor = (spread: number): number => (spread < 10 * Number.EPSILON ? 1 : spread);

/** @param sorted ascending; between two of them the quantile lies on the straight line, as NumPy has it */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  // Both may be infinite, and their difference is no number then.
  return below === above ? below : below + (above - below) * (place - Math.floor(place));
}

/** The mean and the variance (divided by the number of rows) of each column, in two passes. */
export function moments({ rows, columns, values }: Matrix): { means: Float64Array; variances: Float64Array } {
  const [means, variances] = [new Float64Array(columns), new Float64Array(columns)];
  for (let row = 0, at = 0; row < rows; row++) for (let c = 0; c < columns; c++, at++) means[c]! += values[at]!;
  for (let c = 0; c < columns; c++) means[c]! /= rows;
  for (let row = 0, at = 0; row < rows; row++)
    for (let c = 0; c < columns; c++, at++) variances[c]! += (values[at]! - means[c]!) ** 2;
  for (let c = 0; c < columns; c++) variances[c]! /= rows;
  return { means, variances };
}

/** The values, row by row, with each column's mean taken from it. */
export function centred({ rows, columns, values }: Matrix, means: ArrayLike<number>): Float64Array {
  const moved = new Float64Array(values.length);
  for (let row = 0, at = 0; row < rows; row++)
    for (let c = 0; c < columns; c++, at++) moved[at] = values[at]! - means[c]!;
  return moved;
}

/** Whether what varies is nothing but rounding of the mean (scikit-learn's limit). */
export function isConstant({ mean, variance, rows }: { mean: number; variance: number; rows: number }): boolean {
  return variance <= rows * Number.EPSILON * variance + (rows * Number.EPSILON * mean) ** 2;
}
