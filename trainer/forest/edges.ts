/**
 * Where a number column is cut into bins: between the quantiles of its values. Edges depend on the values
 * alone, not on their order. A column of at most 255 distinct values has an edge between any two of them, so binning loses
 * nothing; of more values, bins hold about equally many rows, and a value that fills a bin alone has its own.
 */
import { maxEdges } from "../../model/header.ts";

/**
 * @param values finite or NaN (missing, ignored); they are sorted in place, since a copy of a column is what most memory goes to
 * @param maxBins from 2 to 255
 * @returns fewer edges than bins, strictly ascending; each lies in [a, b) for two neighbouring distinct values a < b
 */
export function quantileEdges(values: Float64Array, maxBins: number = maxEdges + 1): number[] {
  const { distinct, counts } = distinctValues(values);
  const edges: number[] = [];
  let restRows = counts.reduce((sum, count) => sum + count, 0);
  let restBins = maxBins;
  let inBin = 0;
  for (let i = 0; i + 1 < distinct.length && restBins > 1; i++) {
    inBin += counts[i]!;
    const valuesAfter = distinct.length - 1 - i;
    if (inBin * restBins < restRows && valuesAfter > restBins - 1) continue;
    edges.push(between(distinct[i]!, distinct[i + 1]!));
    restRows -= inBin;
    restBins--;
    inBin = 0;
  }
  return edges;
}

/** Distinct values, ascending, written over the values, and how often each occurs. -0 counts as 0. */
function distinctValues(values: Float64Array): { distinct: Float64Array; counts: Uint32Array } {
  // TypedArray sort puts NaN last.
  const sorted = values.sort();
  let size = sorted.length;
  while (size > 0 && Number.isNaN(sorted[size - 1]!)) size--;
  const counts = new Uint32Array(size);
  let last = -1;
  for (let i = 0; i < size; i++) {
    const value = sorted[i]! + 0;
    if (last < 0 || value !== sorted[last]) sorted[++last] = value;
    counts[last] = counts[last]! + 1;
  }
  return { distinct: sorted.subarray(0, last + 1), counts: counts.subarray(0, last + 1) };
}

/** The middle of a < b, or a where no double lies between them: in any case a <= edge < b. */
function between(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  return middle > a && middle < b ? middle : a;
}
