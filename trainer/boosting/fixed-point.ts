/**
 * Sums that are exact: numbers are scaled by a power of two and rounded to integers, fine enough to lose next to nothing
 * and coarse enough that no sum passes 2^53. Then neither the order of rows nor a sum made as a difference of two others can
 * change a bit of what follows.
 */

/** Bits of an integer that a double holds exactly. */
export const exactBits = 53;

/** The largest power of two (within what a double can undo) by which `bound` stays at most `limit`. */
export function scaleFor(bound: number, limit: number): number {
  if (bound === 0) return 1;
  // The logarithm is only a first guess: its last bit is not the same everywhere.
  let exponent = Math.min(1000, Math.max(-1000, Math.round(Math.log2(limit / bound))));
  while (exponent > -1000 && bound * 2 ** exponent > limit) exponent--;
  while (exponent < 1000 && bound * 2 ** (exponent + 1) <= limit) exponent++;
  return 2 ** exponent;
}

/** How many bits a count of `rows` rows takes. */
export function bitsOf(rows: number): number {
  let bits = 1;
  while (2 ** bits <= rows) bits++;
  return bits;
}

/** Added to and taken from a double below 2^51 it leaves the nearest integer, in a fraction of the time that Math.round takes. */
export const rounder = 1.5 * 2 ** 52;

/** The sum, whatever the order: off by at most 2^-53 of the largest number for each. Not finite where a number is not. */
export function exactSum(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  if (!Number.isFinite(largest)) return largest;
  const scale = scaleFor(largest, 2 ** (exactBits - Math.max(2, bitsOf(values.length))));
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * scale + rounder - rounder;
  return sum / scale;
}
