/**
 * Gini impurity of three classes and more. A row's content is its class. In each node the classes that
 * occur are numbered anew from 0, so a bin has as many sums as the node has classes, not as the data has.
 */
import { type Bag, rowsIn, rowUnit, weightIn } from "./bag.ts";
import type { BestCut } from "./best-cut.ts";
import type { Criterion } from "./criterion.ts";
import type { Histogram } from "./histogram.ts";
import type { Matrix } from "./matrix.ts";

export class ClassCriterion implements Criterion {
  readonly channels: number;
  pure = false;
  population = 0;
  score = 0;
  #start = 0;
  #end = 0;
  readonly #bag: Bag;
  readonly #matrix: Matrix;
  /** Classes of the node, ascending, and the weight of each in it. */
  #present: number[] = [];
  #weights: Float64Array = new Float64Array(0);
  /** By class of the data: its weight, 0 between two nodes, and its number within the node. */
  readonly #count: Float64Array;
  readonly #local: Int32Array;

  constructor(bag: Bag, matrix: Matrix, classes: number) {
    this.channels = classes + 1;
    this.#bag = bag;
    this.#matrix = matrix;
    this.#count = new Float64Array(classes);
    this.#local = new Int32Array(classes);
  }

  enter(start: number, end: number): void {
    const { population, content } = this.#bag;
    const count = this.#count;
    const present: number[] = [];
    let populations = 0;
    for (let i = start; i < end; i++) {
      const c = content[i]!;
      if (count[c] === 0) present.push(c);
      count[c] = count[c]! + population[i]! - rowUnit;
      populations += population[i]!;
    }
    present.sort((a, b) => a - b);
    present.forEach((c, local) => {
      this.#local[c] = local;
    });
    this.#present = present;
    this.#weights = Float64Array.from(present, (c) => count[c]!);
    for (const c of present) count[c] = 0;
    this.pure = present.length === 1;
    this.population = populations;
    this.score = squares(this.#weights) / weightIn(populations);
    this.#start = start;
    this.#end = end;
  }

  leaf(): number | number[] {
    return this.pure ? this.#present[0]! : this.#present.flatMap((c, local) => [c, this.#weights[local]!]);
  }

  fill(histogram: Histogram, column: number): void {
    const channels = this.#present.length + 1;
    histogram.channels = channels;
    const { row, population, content } = this.#bag;
    const { codes, rows } = this.#matrix;
    const { sums, seen } = histogram;
    const local = this.#local;
    const base = column * rows;
    const end = this.#end;
    for (let i = this.#start; i < end; i++) {
      const code = codes[base + row[i]!]!;
      const at = code * channels;
      const ofClass = at + 1 + local[content[i]!]!;
      sums[at] = sums[at]! + population[i]!;
      sums[ofClass] = sums[ofClass]! + population[i]! - rowUnit;
      seen[code >> 5] = seen[code >> 5]! | (1 << code);
    }
    histogram.collect();
  }

  offerCuts(histogram: Histogram, column: number, best: BestCut): void {
    const { groups, code, size, missing, channels } = histogram;
    const classes = this.#weights.length;
    const leftOf = new Float64Array(classes);
    const missingOf = groups.subarray(size * channels + 1, (size + 1) * channels);
    let left = 0;
    for (let i = 0; i < size; i++) {
      const bin = code[i]!;
      const at = i * channels;
      left += groups[at]!;
      for (let c = 0; c < classes; c++) leftOf[c] = leftOf[c]! + groups[at + 1 + c]!;
      const right = this.population - left;
      if (right === 0) break;
      const score = this.#scoreOf(left, leftOf);
      if (score > best.score) {
        const missingLeft = missing === 0 && rowsIn(left) > rowsIn(right);
        best.offer({ score, column, bin, missingLeft, left, right });
      }
      if (missing === 0 || right === missing) continue;
      const withMissing = left + missing;
      const other = this.#scoreOf(
        withMissing,
        leftOf.map((sum, c) => sum + missingOf[c]!),
      );
      best.offer({ score: other, column, bin, missingLeft: true, left: withMissing, right: right - missing });
    }
  }

  /** Of the cut with this population and these weights of classes on the left. */
  #scoreOf(left: number, leftOf: Float64Array): number {
    const weights = this.#weights;
    let ofLeft = 0;
    let ofRight = 0;
    for (let c = 0; c < weights.length; c++) {
      const l = leftOf[c]!;
      const r = weights[c]! - l;
      ofLeft += l * l;
      ofRight += r * r;
    }
    return ofLeft / weightIn(left) + ofRight / weightIn(this.population - left);
  }
}

const squares = (weights: Float64Array): number => weights.reduce((sum, weight) => sum + weight * weight, 0);
