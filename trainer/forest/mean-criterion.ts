/**
 * The criteria that need one sum a side: squared error, poisson, and two classes, whose targets are 0 and 1. A row's content is its weight
 * times its integer target, a bin's sums are its population and its content.
 */
import type { Bag } from "./bag.ts";
import type { BestCut } from "./best-cut.ts";
import type { Criterion, Leaf } from "./criterion.ts";
import type { Histogram } from "./histogram.ts";
import type { SidePurity } from "./impurity.ts";
import type { Matrix } from "./matrix.ts";

export interface MeanOptions {
  /** By row of the matrix: rows of one target are pure. */
  readonly truth: Float64Array;
  readonly purity: SidePurity;
  /** The leaf of rows with this sum of contents and this weight. */
  readonly leafOf: (sum: number, weight: number) => Leaf;
}

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
  readonly options: MeanOptions;
  /** Scratch: code and place of each row of a small node. */
  readonly #keys = new Int32Array(fewRows);

  constructor(bag: Bag, matrix: Matrix, options: MeanOptions) {
    this.#bag = bag;
    this.#matrix = matrix;
    this.options = options;
  }

  enter(start: number, end: number): void {
    const { population, content } = this.#bag;
    let populations = 0;
    let sum = 0;
    for (let i = start; i < end; i++) {
      populations += population[i]!;
      sum += content[i]!;
    }
    this.pure = this.#isPure(start, end);
    this.population = populations;
    this.score = this.options.purity(sum, this.#bag.weightIn(populations));
    this.#sum = sum;
    this.#start = start;
    this.#end = end;
  }

  #isPure(start: number, end: number): boolean {
    const { row } = this.#bag;
    const { truth } = this.options;
    const first = truth[row[start]!];
    for (let i = start + 1; i < end; i++) if (truth[row[i]!] !== first) return false;
    return true;
  }

  leaf(): Leaf {
    return this.options.leafOf(this.#sum, this.#bag.weightIn(this.population));
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

  offerCuts({ groups, code, size, missing, only }: Histogram, best: BestCut): void {
    const missingSum = missing > 0 ? groups[size * 2 + 1]! : 0;
    const whole = this.population;
    const bag = this.#bag;
    let left = 0;
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const bin = code[i]!;
      left += groups[i * 2]!;
      sum += groups[i * 2 + 1]!;
      const right = whole - left;
      if (right === 0) break;
      if (only >= 0 && only !== i) continue;
      const score = this.#scoreOf(left, sum);
      if (score >= best.score) {
        const leftRows = bag.rowsIn(left);
        const rightRows = bag.rowsIn(right);
        best.offer({ score, bin, missingLeft: missing === 0 && leftRows > rightRows, leftRows, rightRows });
      }
      if (missing === 0 || right === missing) continue;
      const withMissing = left + missing;
      const other = this.#scoreOf(withMissing, sum + missingSum);
      const leftRows = bag.rowsIn(withMissing);
      best.offer({ score: other, bin, missingLeft: true, leftRows, rightRows: bag.rowsIn(right - missing) });
    }
  }

  /** Of the cut with this population and this sum on the left. */
  #scoreOf(left: number, sum: number): number {
    const { purity } = this.options;
    const bag = this.#bag;
    return purity(sum, bag.weightIn(left)) + purity(this.#sum - sum, bag.weightIn(this.population - left));
  }
}
