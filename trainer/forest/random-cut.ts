/**
 * The one cut that an extremely randomised tree tries in a column (Geurts, Ernst and Wehenkel, "Extremely randomized trees",
 * 2006): a threshold drawn uniformly between the node's least and greatest value. A bin stands for the middle of the values
 * in it, so in a column of at most 255 distinct values the threshold has exactly the distribution that it has without bins.
 */
import { missingCode } from "../../model/encode.ts";
import { uniformOf } from "./feature-draw.ts";
import type { Histogram } from "./histogram.ts";
import type { ForestColumn } from "./input.ts";
import type { Matrix } from "./matrix.ts";

const codes = 256;

/** The value that each code of each column stands for, at `column * 256 + code`; of a category, its code. */
export function binValues(matrix: Matrix, columns: readonly ForestColumn[], rows: Uint32Array): Float64Array {
  const values = new Float64Array(new SharedArrayBuffer(columns.length * codes * 8));
  columns.forEach((column, c) => {
    const ofBin = values.subarray(c * codes, (c + 1) * codes);
    if (column.type === "category") {
      ofBin.forEach((_, code) => (ofBin[code] = code));
      return;
    }
    const least = new Float64Array(codes).fill(Infinity);
    const greatest = new Float64Array(codes).fill(-Infinity);
    rows.forEach((row, i) => {
      const code = matrix.codes[c * matrix.rows + i]!;
      const value = column.values[row]!;
      if (code === missingCode) return;
      least[code] = Math.min(least[code]!, value);
      greatest[code] = Math.max(greatest[code]!, value);
    });
    // Halved first: the sum of two large numbers may be none. No bin of a number column is empty.
    least.forEach((low, code) => (ofBin[code] = low === Infinity ? 0 : low / 2 + greatest[code]! / 2));
  });
  return values;
}

/** Draws the threshold of a column in the node with this key; answers the last group on its left. */
export function drawCut(
  { code, size }: Histogram,
  values: Float64Array,
  { key, column }: { readonly key: number; readonly column: number },
): number {
  const valueOf = (group: number): number => values[column * codes + code[group]!]!;
  if (size < 2) return 0;
  const share = uniformOf(key, column);
  // A weighted mean, since the difference of two large numbers may be none.
  const threshold = valueOf(0) * (1 - share) + valueOf(size - 1) * share;
  let group = 0;
  while (group < size - 2 && valueOf(group + 1) <= threshold) group++;
  return group;
}
