/**
 * Targets as integers, so that sums of them are exact: then neither the order of rows nor a sum made as a difference
 * of two others can change a bit of a tree. Decimal numbers (prices, counts, degrees) become integers by a power of ten, and means of them are
 * the nearest doubles to the true ones. Others are put on a fixed grid, the finest one on which no sum passes 2^53.
 */

/** How integers relate to targets: `integer = (target - centre) * scale`. Plain data: it is shared between threads. */
export interface TargetScale {
  readonly kind: "decimal" | "grid";
  readonly scale: number;
  /** In the target's unit on a grid; of decimal targets times the scale, an integer. */
  readonly centre: number;
  /** The range of the targets. */
  readonly min: number;
  readonly max: number;
}

export interface ScaleOptions {
  /** The largest total weight of rows whose targets are ever summed up; weights are integers. */
  readonly weight: number;
  /** `middle` keeps the squares of sums precise; `zero` keeps integers as positive as the targets. */
  readonly centre: "middle" | "zero";
}

const exact = Number.MAX_SAFE_INTEGER;

/** @throws {RangeError} for a target that is missing or infinite */
export function targetScale(target: Float64Array, { weight, centre }: ScaleOptions): TargetScale {
  let min = Infinity;
  let max = -Infinity;
  for (const y of target) {
    if (!Number.isFinite(y)) throw new RangeError("a target is missing or infinite");
    if (y < min) min = y;
    if (y > max) max = y;
  }
  for (let scale = 1; scale <= 1e9; scale *= 10) {
    if (Math.max(-min, max) * scale * weight > exact) break;
    if (!target.every((y) => Math.round(y * scale) / scale === y)) continue;
    const middle = centre === "zero" ? 0 : Math.round((min * scale + max * scale) / 2);
    return { kind: "decimal", scale, centre: middle, min, max };
  }
  const middle = centre === "zero" ? 0 : min / 2 + max / 2;
  // A power of two: scaling by it rounds nothing. Bounded so that it neither overflows nor vanishes (2^-1074 is the least).
  const exponent = Math.floor(Math.log2(exact / weight / Math.max(max - middle, middle - min))) - 1;
  const scale = 2 ** Math.min(1000, Math.max(-1074, exponent));
  return { kind: "grid", scale, centre: middle, min, max };
}

/** The integer of a target that counts `weight` times. */
export function scaled({ kind, scale, centre }: TargetScale, target: number, weight: number): number {
  // With 0 added, since -0 is no integer of its own.
  if (kind === "decimal") return weight * (Math.round(target * scale) - centre) + 0;
  return Math.round(weight * ((target - centre) * scale)) + 0;
}

/** The mean, in the target's own unit, of rows of weight `weight` whose integers sum to `sum`; within the targets' range. */
export function meanOf({ kind, scale, centre, min, max }: TargetScale, sum: number, weight: number): number {
  if (kind === "decimal") return (sum + weight * centre) / (weight * scale);
  return Math.min(max, Math.max(min, centre + sum / weight / scale));
}
