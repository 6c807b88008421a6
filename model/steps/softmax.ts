/** Scores of a row's classes become probabilities: each its exponential's share of the sum. */

/** Changes `values` from `from` on, `count` of them. No score is NaN; infinite ones count as the greatest number there is. */
export function softmax(values: Float64Array, from: number, count: number): void {
  const to = from + count;
  let greatest = -Number.MAX_VALUE;
  for (let i = from; i < to; i++) greatest = Math.max(greatest, bounded(values[i]!));
  let total = 0;
  for (let i = from; i < to; i++) total += values[i] = Math.exp(bounded(values[i]!) - greatest);
  for (let i = from; i < to; i++) values[i]! /= total;
}

const bounded = (score: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, score));
