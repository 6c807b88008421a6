/**
 * Cuts that make the classes of the two sides purest, by Gini's index or by entropy. Either is a sum over the classes of a
 * side, and a row that changes sides changes one term of each sum: a cut costs the same for two classes and for a hundred.
 *
 *     gini     sum of weight_k^2, over the side's weight
 *     entropy  sum of weight_k log weight_k, minus weight log weight
 */
import type { Criterion, Leaf, NodeRows } from "./criterion.ts";
import type { NodeColumn } from "./node-column.ts";
import type { SortedTable } from "./sorted-table.ts";

export interface ClassOptions {
  readonly criterion: "gini" | "entropy";
  readonly classes: number;
  readonly minSamplesLeaf: number;
}

export function classCriterion(table: SortedTable, codes: Int32Array, options: ClassOptions): ClassCriterion {
  return options.criterion === "gini"
    ? new GiniCriterion(table, codes, options)
    : new EntropyCriterion(table, codes, options);
}

export abstract class ClassCriterion implements Criterion<Leaf> {
  own = 0;
  score = 0;
  readonly weight: Float64Array;
  protected readonly codes: Int32Array;
  protected readonly table: SortedTable;
  protected readonly minSamplesLeaf: number;
  /** Weights in the node: by class, and of all. */
  protected readonly total: Float64Array;
  protected whole = 0;
  /** By class: weight left of the cut that is looked at. */
  protected readonly left: Float64Array;
  /** The same of both sides: of class k right at 2k, left at 2k + 1. */
  readonly #sides: Float64Array;

  constructor(table: SortedTable, codes: Int32Array, { classes, minSamplesLeaf }: ClassOptions) {
    this.table = table;
    this.codes = codes;
    this.minSamplesLeaf = minSamplesLeaf;
    this.weight = new Float64Array(table.rows).fill(1);
    this.total = new Float64Array(classes);
    this.left = new Float64Array(classes);
    this.#sides = new Float64Array(classes * 2);
  }

  enter({ rows, start, end }: NodeRows): boolean {
    const { total, weight, codes } = this;
    total.fill(0);
    let whole = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const w = weight[row]!;
      total[codes[row]!]! += w;
      whole += w;
    }
    this.whole = whole;
    this.own = this.ofNode();
    return total[codes[rows[start]!]!] === whole;
  }

  abstract cutAnywhere(column: NodeColumn, least: number): number;

  protected abstract ofNode(): number;
  protected abstract ofSides(sides: Float64Array): number;

  cutAt({ places, size, rows, start }: NodeColumn, place: number): number {
    const { weight, codes } = this;
    const sides = this.#sides;
    sides.fill(0);
    let count = 0;
    for (let i = 0; i < size; i++) {
      // 1 of a row that goes left, 0 of another: a branch would be guessed wrong for every other row.
      const goesLeft = (places[i]! - place) >>> 31;
      const r = rows[start + i]!;
      sides[codes[r]! * 2 + goesLeft]! += weight[r]!;
      count += goesLeft;
    }
    if (count < this.minSamplesLeaf || size - count < this.minSamplesLeaf) return -Infinity;
    return this.ofSides(sides);
  }

  leaf(_node: NodeRows): Leaf {
    const pairs: number[] = [];
    for (let k = 0; k < this.total.length; k++) if (this.total[k]! > 0) pairs.push(k, this.total[k]!);
    return pairs.length === 2 ? pairs[0]! : pairs;
  }
}

class GiniCriterion extends ClassCriterion {
  protected ofNode(): number {
    const { total } = this;
    let sum = 0;
    for (let k = 0; k < total.length; k++) sum += total[k]! * total[k]!;
    return sum / this.whole;
  }

  protected ofSides(sides: Float64Array): number {
    let leftWeight = 0;
    let ofLeft = 0;
    let ofRight = 0;
    for (let k = 0; k < sides.length; k += 2) {
      const right = sides[k]!;
      const left = sides[k + 1]!;
      leftWeight += left;
      ofLeft += left * left;
      ofRight += right * right;
    }
    return ofLeft / leftWeight + ofRight / (this.whole - leftWeight);
  }

  cutAnywhere({ places, size, base }: NodeColumn, least: number): number {
    const { weight, total, codes, left, whole } = this;
    const { row, value } = this.table;
    const minimum = this.minSamplesLeaf;
    left.fill(0);
    let leftWeight = 0;
    let ofLeft = 0;
    let ofRight = this.own * whole;
    let best = least;
    let found = -1;
    let number = value[base + places[0]!]!;
    for (let i = 0, last = size - minimum; i < last;) {
      const r = row[base + places[i]!]!;
      const k = codes[r]!;
      const w = weight[r]!;
      const before = left[k]!;
      ofLeft += w * (2 * before + w);
      ofRight -= w * (2 * (total[k]! - before) - w);
      left[k] = before + w;
      leftWeight += w;
      const next = value[base + places[++i]!]!;
      if (next === number) continue;
      number = next;
      if (i < minimum) continue;
      const score = ofLeft / leftWeight + ofRight / (whole - leftWeight);
      if (score > best) {
        best = score;
        found = i;
      }
    }
    this.score = best;
    return found;
  }
}

/** Its weights are integers, all together at most the rows of the table: logarithms are taken once. */
class EntropyCriterion extends ClassCriterion {
  readonly #terms: Float64Array;

  constructor(table: SortedTable, codes: Int32Array, options: ClassOptions) {
    super(table, codes, options);
    this.#terms = Float64Array.from({ length: table.rows + 1 }, (_, x) => (x < 2 ? 0 : x * Math.log(x)));
  }

  protected ofNode(): number {
    const { total } = this;
    const terms = this.#terms;
    let sum = -terms[this.whole]!;
    for (let k = 0; k < total.length; k++) sum += terms[total[k]!]!;
    return sum;
  }

  protected ofSides(sides: Float64Array): number {
    const terms = this.#terms;
    let leftWeight = 0;
    let sum = 0;
    for (let k = 0; k < sides.length; k += 2) {
      const left = sides[k + 1]!;
      leftWeight += left;
      sum += terms[left]! + terms[sides[k]!]!;
    }
    return sum - terms[leftWeight]! - terms[this.whole - leftWeight]!;
  }

  cutAnywhere({ places, size, base }: NodeColumn, least: number): number {
    const { weight, total, codes, left, whole } = this;
    const { row, value } = this.table;
    const terms = this.#terms;
    const minimum = this.minSamplesLeaf;
    left.fill(0);
    let leftWeight = 0;
    let sum = this.own + terms[whole]!;
    let best = least;
    let found = -1;
    let number = value[base + places[0]!]!;
    for (let i = 0, last = size - minimum; i < last;) {
      const r = row[base + places[i]!]!;
      const k = codes[r]!;
      const w = weight[r]!;
      const before = left[k]!;
      const rest = total[k]! - before;
      sum += terms[before + w]! - terms[before]! + terms[rest - w]! - terms[rest]!;
      left[k] = before + w;
      leftWeight += w;
      const next = value[base + places[++i]!]!;
      if (next === number) continue;
      number = next;
      if (i < minimum) continue;
      const score = sum - terms[leftWeight]! - terms[whole - leftWeight]!;
      if (score > best) {
        best = score;
        found = i;
      }
    }
    this.score = best;
    return found;
  }
}
