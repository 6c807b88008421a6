/**
 * The rows that one tree sees, kept so that the rows of a node are neighbours: a split reorders its node's stretch, and so a
 * tree is grown in place, without a list per node.
 *
 * A row's population is one number that holds two: 2^27 for the row, plus how often it was drawn. Sums of populations stay exact
 * (below 2^53, for up to 2^26 rows) and give both the rows and the weight of a bin with a single addition a row.
 */
import { missingCode } from "../../model/encode.ts";
import type { Matrix } from "./matrix.ts";

/** One row in a population. */
export const rowUnit = 2 ** 27;

/** The rows of a population, each counted once. */
export const rowsIn = (population: number): number => Math.floor(population * perRowUnit);
// A multiplication is several times faster than a division, and by a power of two as exact.
const perRowUnit = 1 / rowUnit;

/** The weight of a population: its rows counted as often as they were drawn. */
export const weightIn = (population: number): number => population - rowsIn(population) * rowUnit;

export interface Bag {
  /** Rows of the matrix, each once. */
  readonly row: Int32Array;
  readonly population: Float64Array;
  /** What the criterion sums up: weight times target, or the class. */
  readonly content: Float64Array;
}

/** The rows with a weight, in order. `contentOf` answers a row's content given its weight. */
export function fillBag(weights: Uint32Array, contentOf: (row: number, weight: number) => number): Bag {
  const row = Int32Array.from(weights.keys()).filter((r) => weights[r]! > 0);
  const population = Float64Array.from(row, (r) => rowUnit + weights[r]!);
  const content = Float64Array.from(row, (r) => contentOf(r, weights[r]!));
  return { row, population, content };
}

export interface Cut {
  readonly column: number;
  readonly bin: number;
  readonly missingLeft: boolean;
}

/** Reorders the rows from `start` to `end` so that those which go left come first; answers where the right ones begin. */
export function partition(
  bag: Bag,
  matrix: Matrix,
  { start, end, cut }: { start: number; end: number; cut: Cut },
): number {
  const { row, population, content } = bag;
  const codes = matrix.codes.subarray(cut.column * matrix.rows, (cut.column + 1) * matrix.rows);
  const { bin } = cut;
  const missing = cut.missingLeft ? missingCode : -1;
  let middle = start;
  let last = end - 1;
  while (middle <= last) {
    const r = row[middle]!;
    const code = codes[r]!;
    if (code <= bin || code === missing) {
      middle++;
      continue;
    }
    const p = population[middle]!;
    const c = content[middle]!;
    row[middle] = row[last]!;
    population[middle] = population[last]!;
    content[middle] = content[last]!;
    row[last] = r;
    population[last] = p;
    content[last] = c;
    last--;
  }
  return middle;
}
