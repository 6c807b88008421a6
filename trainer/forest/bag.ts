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

export interface Cut {
  readonly column: number;
  readonly bin: number;
  readonly missingLeft: boolean;
}

export class Bag {
  /** Rows of the matrix, each once. */
  readonly row: Int32Array;
  readonly population: Float64Array;
  /** What the criterion sums up: weight times target, or the class. */
  readonly content: Float64Array;
  readonly unit: number;
  size = 0;
  /** Scratch: the right rows of the node that is divided. */
  readonly #row: Int32Array;
  readonly #population: Float64Array;
  readonly #content: Float64Array;

  /** @param rows the most that it ever holds */
  constructor(rows: number) {
    this.row = new Int32Array(rows);
    this.population = new Float64Array(rows);
    this.content = new Float64Array(rows);
    this.unit = rowUnit(rows);
    this.#row = new Int32Array(rows);
    this.#population = new Float64Array(rows);
    this.#content = new Float64Array(rows);
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

  /**
   * Puts the rows from `start` to `end` that go left before those that go right; answers where these begin. Both keep their order,
   * so the rows of every node ascend, and reading a column for them is reading it forwards.
   */
  partition(matrix: Matrix, cut: Cut, { start, end }: { readonly start: number; readonly end: number }): number {
    const { row, population, content } = this;
    const rightRow = this.#row;
    const rightPopulation = this.#population;
    const rightContent = this.#content;
    const { codes } = matrix;
    const base = cut.column * matrix.rows;
    const { bin } = cut;
    const missing = cut.missingLeft ? missingCode : -1;
    let middle = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const r = row[i]!;
      const code = codes[base + r]!;
      // Written to both sides, and one of them moves on: which way a row goes cannot be foretold.
      const goesLeft = code <= bin || code === missing ? 1 : 0;
      row[middle] = r;
      rightRow[right] = r;
      rightPopulation[right] = population[i]!;
      population[middle] = population[i]!;
      rightContent[right] = content[i]!;
      content[middle] = content[i]!;
      middle += goesLeft;
      right += 1 - goesLeft;
    }
    for (let i = 0; i < right; i++) {
      row[middle + i] = rightRow[i]!;
      population[middle + i] = rightPopulation[i]!;
      content[middle + i] = rightContent[i]!;
    }
    return middle;
  }
}
