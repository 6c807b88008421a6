/**
 * The rows that one tree sees, kept so that the rows of a node are neighbours: a split reorders its node's stretch, and so a
 * tree is grown in place, without a list per node.
 *
 * A row's population is one number that holds two: a unit for the row, plus its weight in the tree. Sums of populations stay exact
 * (the unit is a power of two above any sum of weights, and rows times units are below 2^53) and give both the rows and the
 * weight of a bin with a single addition a row.
 */
import { missingCode } from "../../model/encode.ts";
import type { Matrix } from "./matrix.ts";

/** The largest unit of populations for so many rows. */
export function rowUnit(rows: number): number {
  return 2 ** (52 - Math.floor(Math.log2(rows)));
}

export class Bag {
  /** Rows of the matrix, each once. */
  readonly row: Int32Array;
  readonly population: Float64Array;
  /** What the criterion sums up: weight times target, or the class. */
  readonly content: Float64Array;
  readonly unit: number;
  size = 0;

  /** @param rows the most that it ever holds */
  constructor(rows: number) {
    this.row = new Int32Array(rows);
    this.population = new Float64Array(rows);
    this.content = new Float64Array(rows);
    this.unit = rowUnit(rows);
  }

  clear(): void {
    this.size = 0;
  }

  add(row: number, weight: number, content: number): void {
    const at = this.size++;
    this.row[at] = row;
    this.population[at] = this.unit + weight;
    this.content[at] = content;
  }

  /** The weight of a population. */
  weightIn(population: number): number {
    return population - Math.floor(population / this.unit) * this.unit;
  }
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
  const { codes } = matrix;
  const base = cut.column * matrix.rows;
  const { bin } = cut;
  const missing = cut.missingLeft ? missingCode : -1;
  let middle = start;
  let last = end - 1;
  while (middle <= last) {
    const r = row[middle]!;
    const code = codes[base + r]!;
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
