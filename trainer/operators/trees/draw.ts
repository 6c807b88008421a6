/** Draws for ensembles, hundreds of thousands a second: without the care of `Random.below`. */
import type { Random } from "../../../traintask/random.ts";

/** An integer from 0 to n-1, each as likely as another but for n / 2^32. */
export const draw = (random: Random, n: number): number => Math.floor((random.uint32() / 0x1_0000_0000) * n);

/** A number in [0, 1). */
export const drawUnit = (random: Random): number => random.uint32() / 0x1_0000_0000;

/** Draws as many rows as there are, with replacement. @param counts by row: how often it was drawn, written */
export function bootstrap(counts: Float64Array, random: Random): void {
  counts.fill(0);
  for (let i = 0; i < counts.length; i++) counts[draw(random, counts.length)]! += 1;
}

/** Draws rows without replacement. @param counts by row: 1 of those `size` that were drawn, 0 of the others, written */
export function subsample(counts: Float64Array, random: Random, size: number): void {
  counts.fill(0);
  // Floyd's method: whether the last `n` rows are drawn is settled by what is drawn from one more row at a time.
  for (let last = counts.length - size; last < counts.length; last++) {
    const row = draw(random, last + 1);
    counts[counts[row] === 0 ? row : last] = 1;
  }
}

/** The rows that count, ascending, written to the front of `rows`. @returns that part */
export function countedRows(counts: Float64Array, rows: Int32Array): Int32Array {
  let size = 0;
  for (let row = 0; row < counts.length; row++) if (counts[row]! > 0) rows[size++] = row;
  return rows.subarray(0, size);
}
