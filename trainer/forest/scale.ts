/**
 * Targets as integers, so that sums of them are exact: then neither the order of rows nor a sum made as a difference
 * of two others can change a bit of a tree. Decimal numbers (prices, counts, degrees) become integers by a power of ten, and means of them are
 * the nearest doubles to the true ones. Others are rounded to a fixed grid, the finest one on which no sum passes 2^53.
 */

export interface ScaledTarget {
  /** Integers, centred near 0 so that squares of sums keep their precision. */
  readonly values: Float64Array;
  /** The mean, in the target's own unit, of `weight` rows whose integers sum to `sum`; within the targets' range. */
  mean(sum: number, weight: number): number;
}

const exact = Number.MAX_SAFE_INTEGER;

/** @param weight the largest total weight of rows whose targets are ever summed up */
export function scaleTarget(target: Float64Array, weight: number): ScaledTarget {
  let min = Infinity;
  let max = -Infinity;
  for (const y of target) {
    if (!Number.isFinite(y)) throw new RangeError("a target is missing or infinite");
    min = Math.min(min, y);
    max = Math.max(max, y);
  }
  for (let scale = 1; scale <= 1e9; scale *= 10) {
    if (Math.max(-min, max) * scale * weight > exact) break;
    if (target.every((y) => Math.round(y * scale) / scale === y)) return decimalTarget(target, { scale, min, max });
  }
  return gridTarget(target, { weight, min, max });
}

function decimalTarget(
  target: Float64Array,
  { scale, min, max }: { scale: number; min: number; max: number },
): ScaledTarget {
  const centre = Math.round((min * scale + max * scale) / 2);
  return {
    values: target.map((y) => Math.round(y * scale) - centre),
    mean: (sum, weight) => (sum + weight * centre) / (weight * scale),
  };
}

function gridTarget(
  target: Float64Array,
  { weight, min, max }: { weight: number; min: number; max: number },
): ScaledTarget {
  const centre = min / 2 + max / 2;
  const largest = Math.max(max - centre, centre - min);
  // A power of two: scaling by it rounds nothing. Bounded so that it neither overflows nor vanishes.
  const exponent = Math.floor(Math.log2(exact / weight / largest)) - 1;
  const scale = 2 ** Math.min(1000, Math.max(-1000, exponent));
  return {
    values: target.map((y) => Math.round((y - centre) * scale)),
    mean: (sum, weightOfRows) => Math.min(max, Math.max(min, centre + sum / weightOfRows / scale)),
  };
}
