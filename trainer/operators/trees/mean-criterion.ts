/** Cuts that make the sum of squared errors least: those that make sum^2 / weight, added over both sides, greatest. */
import { centred } from "./centred.ts";
import type { Criterion, NodeRows } from "./criterion.ts";
import type { NodeColumn } from "./node-column.ts";
import { decimalScale, short } from "./short.ts";
import type { SortedTable } from "./sorted-table.ts";

export abstract class MeanCriterion implements Criterion<number> {
  own = 0;
  score = 0;
  readonly weight: Float64Array;
  /** By row: what is to be told, from around 0, so that squares do not swallow what differs. */
  protected target: Float64Array;
  protected isPure = false;
  /** Of the node. */
  protected whole = 0;
  readonly #table: SortedTable;
  readonly #minSamplesLeaf: number;
  #sum = 0;

  constructor(table: SortedTable, target: Float64Array, { minSamplesLeaf }: { readonly minSamplesLeaf: number }) {
    this.target = target;
    this.weight = new Float64Array(table.rows).fill(1);
    this.#table = table;
    this.#minSamplesLeaf = minSamplesLeaf;
  }

  abstract leaf(node: NodeRows): number;

  enter({ rows, start, end }: NodeRows): boolean {
    const { weight, target } = this;
    const first = target[rows[start]!]!;
    let isPure = true;
    let whole = 0;
    let sum = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const y = target[row]!;
      const w = weight[row]!;
      whole += w;
      sum += w * y;
      if (y !== first) isPure = false;
    }
    this.whole = whole;
    this.#sum = sum;
    this.own = (sum * sum) / whole;
    this.isPure = isPure;
    return isPure;
  }

  cutAnywhere({ places, size, base }: NodeColumn, least: number): number {
    const { weight, target, whole } = this;
    const { row, value } = this.#table;
    const minimum = this.#minSamplesLeaf;
    const sum = this.#sum;
    let leftWeight = 0;
    let left = 0;
    let best = least;
    let found = -1;
    let number = value[base + places[0]!]!;
    for (let i = 0, last = size - minimum; i < last;) {
      const r = row[base + places[i]!]!;
      const w = weight[r]!;
      leftWeight += w;
      left += w * target[r]!;
      const next = value[base + places[++i]!]!;
      if (next === number) continue;
      number = next;
      if (i < minimum) continue;
      const right = sum - left;
      const score = (left * left) / leftWeight + (right * right) / (whole - leftWeight);
      if (score > best) {
        best = score;
        found = i;
      }
    }
    this.score = best;
    return found;
  }

  cutAt({ places, size, rows, start }: NodeColumn, place: number): number {
    const { weight, target } = this;
    let leftWeight = 0;
    let left = 0;
    let count = 0;
    for (let i = 0; i < size; i++) {
      // 1 of a row that goes left, 0 of another: a branch would be guessed wrong for every other row.
      const goesLeft = (places[i]! - place) >>> 31;
      const r = rows[start + i]!;
      const w = weight[r]! * goesLeft;
      leftWeight += w;
      left += w * target[r]!;
      count += goesLeft;
    }
    if (count < this.#minSamplesLeaf || size - count < this.#minSamplesLeaf) return -Infinity;
    const right = this.#sum - left;
    return (left * left) / leftWeight + (right * right) / (this.whole - leftWeight);
  }
}

/** Leaves are means of the numbers themselves. */
export class ValueCriterion extends MeanCriterion {
  readonly #values: Float64Array;
  readonly #scale: number;

  constructor(table: SortedTable, values: Float64Array, options: { readonly minSamplesLeaf: number }) {
    const around = centred(values);
    super(table, around.numbers, options);
    this.#values = values;
    this.#scale = decimalScale(around.range, 1e9);
  }

  leaf({ rows, start, end }: NodeRows): number {
    if (this.isPure) return this.#values[rows[start]!]!;
    let mean = 0;
    for (let i = start; i < end; i++) mean += this.#values[rows[i]!]! * (this.weight[rows[i]!]! / this.whole);
    return short(mean, this.#scale);
  }
}
