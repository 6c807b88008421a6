/**
 * Numbers with few digits. Most of a fitted ensemble's JSON would be digits that say nothing: between two numbers of a column
 * a threshold of some seven digits nearly always does as well as the exact middle, and so do nine of a leaf.
 */
import type { SortedTable } from "./sorted-table.ts";

/**
 * @returns the power of ten to whose inverse numbers from such a range are rounded, so that `steps` of them fit in;
 * 0: they are too small for that
 */
export function decimalScale(range: number, steps: number): number {
  let scale = 1;
  // Powers of ten up to 1e22 are exact, so what is divided by one is the number that is written with as few digits.
  while (range * scale < steps && scale < 1e22) scale *= 10;
  return range * scale < steps ? 0 : scale;
}

/** By column: the scale of its thresholds. */
export function thresholdScales({ rows, columns, value }: SortedTable): Float64Array {
  return Float64Array.from({ length: columns }, (_, c) =>
    decimalScale(value[(c + 1) * rows - 1]! - value[c * rows]!, 1e6),
  );
}

/** @param scale of `decimalScale` */
export function short(exact: number, scale: number): number {
  // -0 would be written as 0 and read back as another number.
  return scale === 0 ? exact : Math.round(exact * scale) / scale + 0;
}

/** @returns a number near `exact`, at least `low` and below `high` */
export function shortBetween(
  exact: number,
  { low, high, scale }: { low: number; high: number; scale: number },
): number {
  const rounded = short(exact, scale);
  if (rounded >= low && rounded < high) return rounded;
  return exact >= low && exact < high ? exact : low;
}
