/** Weighted means and medians that do not depend on the order of rows. */
import { exactSum } from "./fixed-point.ts";
import type { LossRows } from "./objective.ts";

export function totalWeight({ truth, weights }: LossRows): number {
  return weights === undefined ? truth.length : exactSum(weights);
}

/** The weighted mean of the truth, within its range. */
export function meanTruth({ truth, weights }: LossRows): number {
  const sum = exactSum(weights === undefined ? truth : truth.map((y, row) => y * weights[row]!));
  let min = Infinity;
  let max = -Infinity;
  for (const y of truth) {
    min = Math.min(min, y);
    max = Math.max(max, y);
  }
  return Math.min(max, Math.max(min, sum / totalWeight({ truth, ...(weights && { weights }) })));
}

/**
 * The middle between the lower and the upper weighted median: a row of weight 2 counts as two rows.
 * @param values finite; changed
 */
export function weightedMedian(values: Float64Array, weights?: Float64Array): number {
  if (weights === undefined) {
    values.sort();
    const half = values.length >> 1;
    return values.length % 2 === 1 ? values[half]! : middle(values[half - 1]!, values[half]!);
  }
  // Of equal values the lighter first: then the sums below do not depend on the order of rows.
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || weights[a]! - weights[b]!);
  const half = exactSum(weights) / 2;
  let before = 0;
  for (let i = 0; i < order.length; i++) {
    before += weights[order[i]!]!;
    if (before < half) continue;
    const value = values[order[i]!]!;
    return before === half && i + 1 < order.length ? middle(value, values[order[i + 1]!]!) : value;
  }
  return values[order.at(-1)!]!;
}

const middle = (a: number, b: number): number => a / 2 + b / 2;
