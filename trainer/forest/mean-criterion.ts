/**
 * Squared error; and gini impurity of two classes, which is the squared error of 0 and 1. A row's content is its weight
 * times its integer target, a bin's sums are its population and its content.
 */
import { type Bag, rowsIn, weightIn } from "./bag.ts";
import type { BestCut } from "./best-cut.ts";
import type { Criterion } from "./criterion.ts";
import type { Histogram } from "./histogram.ts";
import type { Matrix } from "./matrix.ts";

/** The leaf of rows with this sum of contents and this weight. */
export type LeafOf = (sum: number, weight: number) => number | number[];

/** Up to so many rows, sorting is cheaper than a histogram. */
const fewRows = 16;

export class MeanCriterion implements Criterion {
  readonly channels = 2;
  pure = false;
  population = 0;
  score = 0;
  #sum = 0;
  #start = 0;
  #end = 0;
  readonly #bag: Bag;
  readonly #matrix: Matrix;
  readonly #leafOf: LeafOf;
  /** Scratch: code and place of each row of a small node. */
  readonly #keys = new Int32Array(fewRows);

  constructor(bag: Bag, matrix: Matrix, leafOf: LeafOf) {
    this.#bag = bag;
    this.#matrix = matrix;
    this.#leafOf = leafOf;
  }

  enter(start: number, end: number): void {
    const { population, content } = this.#bag;
    let populations = 0;
    let sum = 0;
    for (let i = start; i < end; i++) {
      populations += population[i]!;
      sum += content[i]!;
    }
    const weight = weightIn(populations);
    // Where all targets are the same one, it is the mean, and this division is exact.
    const target = sum / weight;
    let pure = true;
    for (let i = start; pure && i < end; i++) pure = content[i]! === weightIn(population[i]!) * target;
    this.pure = pure;
    this.population = populations;
    this.score = (sum * sum) / weight;
    this.#sum = sum;
    this.#start = start;
    this.#end = end;
  }

  leaf(): number | number[] {
    return this.#leafOf(this.#sum, weightIn(this.population));
  }

  fill(histogram: Histogram, column: number): void {
    if (this.#end - this.#start <= fewRows) return this.#fillSorted(histogram, column);
    const { row, population, content } = this.#bag;
    const { codes, rows } = this.#matrix;
    const { sums, seen } = histogram;
    const base = column * rows;
    const end = this.#end;
    for (let i = this.#start; i < end; i++) {
      const code = codes[base + row[i]!]!;
      const at = code << 1;
      sums[at] = sums[at]! + population[i]!;
      sums[at + 1] = sums[at + 1]! + content[i]!;
      seen[code >> 5] = seen[code >> 5]! | (1 << code);
    }
    histogram.collect();
  }

  /** The same groups by sorting the rows. */
  #fillSorted(histogram: Histogram, column: number): void {
    const { row, population, content } = this.#bag;
    const { codes, rows } = this.#matrix;
    const { code, groups } = histogram;
    const keys = this.#keys;
    const base = column * rows;
    const start = this.#start;
    const count = this.#end - start;
    for (let i = 0; i < count; i++) {
      const key = (codes[base + row[start + i]!]! << 8) | i;
      let at = i;
      for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
      keys[at] = key;
    }
    let size = 0;
    for (let k = 0; k < count; k++) {
      const key = keys[k]!;
      const i = start + (key & 255);
      const group = size * 2;
      if (size > 0 && code[size - 1] === key >> 8) {
        groups[group - 2] = groups[group - 2]! + population[i]!;
        groups[group - 1] = groups[group - 1]! + content[i]!;
        continue;
      }
      code[size++] = key >> 8;
      groups[group] = population[i]!;
      groups[group + 1] = content[i]!;
    }
    histogram.close(size);
  }

  offerCuts({ groups, code, size, missing }: Histogram, column: number, best: BestCut): void {
    const missingSum = missing > 0 ? groups[size * 2 + 1]! : 0;
    const whole = this.population;
    const wholeSum = this.#sum;
    let left = 0;
    let leftSum = 0;
    for (let i = 0; i < size; i++) {
      const bin = code[i]!;
      left += groups[i * 2]!;
      leftSum += groups[i * 2 + 1]!;
      const right = whole - left;
      if (right === 0) break;
      const score = scoreOf(left, leftSum) + scoreOf(right, wholeSum - leftSum);
      if (score > best.score) {
        const missingLeft = missing === 0 && rowsIn(left) > rowsIn(right);
        best.offer({ score, column, bin, missingLeft, left, right });
      }
      if (missing === 0 || right === missing) continue;
      const withMissing = left + missing;
      const without = right - missing;
      const sum = leftSum + missingSum;
      const other = scoreOf(withMissing, sum) + scoreOf(without, wholeSum - sum);
      if (other <= best.score) continue;
      best.offer({ score: other, column, bin, missingLeft: true, left: withMissing, right: without });
    }
  }
}

const scoreOf = (population: number, sum: number): number => (sum * sum) / weightIn(population);
