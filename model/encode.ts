/**
 * From values to codes, one byte each, as the trees compare them. The trainer encodes its table and a prediction its rows
 * with these same functions, so a value falls on the same side of a split in both.
 */
import type { ModelColumn } from "./format.ts";

/** Of a missing value, and of one that training never saw. Greater than every bin, so it goes right by itself. */
export const missingCode = 255;

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Binary search for how many edges are smaller than `x`, of which it is known that they are from `low` to `high`. */
function smallerThan(x: number, edges: Float64Array, range: Range): number {
  let { low, high } = range;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

const intervals = 256;

/**
 * Answers how many edges are smaller than a value; NaN is missing. What lies between the first edge and the last is cut into
 * equal intervals, and a search looks only at the edges of its interval. Which interval that is never falls as a value grows,
 * however it is rounded: so all edges of those before are smaller than the value, and none of those behind.
 */
export function numberCoder(ascending: ArrayLike<number>): (x: number) => number {
  const edges = Float64Array.from(ascending);
  const first = edges[0] ?? 0;
  const scale = intervals / ((edges.at(-1) ?? 0) - first);
  /** From 0 to `intervals`. It is 0 where the product is no number: 0 times infinity. */
  const intervalOf = (x: number): number => {
    const place = (x - first) * scale;
    return place > 0 ? Math.min(Math.trunc(place), intervals) : 0;
  };
  /** How many edges there are before each interval. */
  const before = new Uint8Array(intervals + 2);
  for (const edge of edges) before[intervalOf(edge) + 1]!++;
  for (let at = 1; at < before.length; at++) before[at]! += before[at - 1]!;
  return (x) => {
    if (Number.isNaN(x)) return missingCode;
    const at = intervalOf(x);
    return smallerThan(x, edges, { low: before[at]!, high: before[at + 1]! });
  };
}

/** Answers the code of a value, undefined for one that cannot stand in this column. */
export type ColumnEncoder = (value: unknown) => number | undefined;

/**
 * A number column takes finite numbers and texts that read as one; a category column takes texts, and numbers and truth values
 * for the text that they are in a CSV file. Missing are null, NaN, the texts that mean missing in a CSV file, and a
 * category that training did not know.
 */
export function columnEncoder(column: ModelColumn): ColumnEncoder {
  if (column.type === "category") return categoryEncoder(column.categories);
  const code = numberCoder(column.edges);
  return (value) => {
    const x = asNumber(value);
    return x === undefined ? undefined : code(x);
  };
}

/** The same for trees with thresholds: answers the number as it is, or the category's code; NaN is missing. */
export function columnReader(column: ModelColumn): ColumnEncoder {
  if (column.type === "number") return asNumber;
  const encode = categoryEncoder(column.categories);
  return (value) => {
    const code = encode(value);
    return code === missingCode ? NaN : code;
  };
}

function categoryEncoder(categories: readonly string[]): ColumnEncoder {
  const codes = new Map(categories.map((category, code) => [category, code]));
  return (value) => {
    if (value === null) return missingCode;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
    return codes.get(String(value)) ?? missingCode;
  };
}

const missingTexts: ReadonlySet<string> = new Set(["", "NA", "NaN", "null", "None"]);
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function asNumber(value: unknown): number | undefined {
  if (value === null) return NaN;
  if (typeof value === "number") return Number.isNaN(value) || Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (missingTexts.has(text)) return NaN;
  const x = decimal.test(text) ? Number(text) : Infinity;
  return Number.isFinite(x) ? x : undefined;
}
