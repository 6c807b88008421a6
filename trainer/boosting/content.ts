/**
 * What a row brings to a histogram: a pair of integers, so that sums of them are exact.
 *
 *     population    rowUnit for the row, plus its hessian in units of 1 / hessianScale
 *     gradient      in units of 1 / gradientScale
 *
 * One number holds both how many rows there are and the sum of their hessians, since the latter never reaches rowUnit. Scales are
 * powers of two, chosen anew for each tree by its largest derivatives; with `bits` the bits of the number of rows, rowUnit is 2^(53 - bits), a
 * gradient has 53 - bits bits, and a hessian has 53 - 2 bits bits: 19 for 100,000 rows, 13 for a million. Those are for judging cuts;
 * leaves are made from hessians of 53 - bits bits.
 */
import { finite } from "./errors.ts";
import { bitsOf, exactBits, rounder, scaleFor } from "./fixed-point.ts";
import type { Derivatives } from "./objective.ts";

/** Beyond, a hessian would have less than 5 bits left. */
export const mostRows = 2 ** 24 - 1;

export interface Scales {
  readonly rowUnit: number;
  readonly gradient: number;
  /** Of the hessians in populations. */
  readonly hessian: number;
  /** Of the hessians that leaves are made from. */
  readonly leafHessian: number;
}

/**
 * Writes the content of each row, and its hessian for leaves if they are not all 1.
 * @throws {FiniteError} for a derivative that is no number
 */
export function fillContent(
  { gradient, hessian }: Derivatives,
  { content, leafHessian }: { content: Float64Array; leafHessian: Float64Array },
): Scales {
  // Two bits at least: the rounding below is right for numbers below 2^51.
  const bits = Math.max(2, bitsOf(gradient.length));
  const rowUnit = 2 ** (exactBits - bits);
  const largestHessian = hessian === undefined ? 1 : largest(hessian, "a second derivative of the loss");
  const scales = {
    rowUnit,
    gradient: scaleFor(largest(gradient, "a derivative of the loss"), rowUnit),
    hessian: scaleFor(largestHessian, 2 ** (exactBits - 2 * bits)),
    leafHessian: scaleFor(largestHessian, rowUnit),
  };
  for (let row = 0; row < gradient.length; row++)
    content[2 * row + 1] = gradient[row]! * scales.gradient + rounder - rounder;
  if (hessian === undefined) {
    const population = rowUnit + scales.hessian;
    for (let row = 0; row < gradient.length; row++) content[2 * row] = population;
    return scales;
  }
  for (let row = 0; row < gradient.length; row++) {
    content[2 * row] = rowUnit + (hessian[row]! * scales.hessian + rounder - rounder);
    leafHessian[row] = hessian[row]! * scales.leafHessian + rounder - rounder;
  }
  return scales;
}

function largest(values: Float64Array, what: string): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, Math.abs(values[i]!));
  return finite(max, what);
}
