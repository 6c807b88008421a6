/**
 * The criteria that need one sum a side: squared error, poisson, and two classes, whose targets are 0 and 1. A row's content is its weight
 * times its integer target, a bin's sums are its population and its content.
 */
import type { Bag } from "./bag.ts";
import type { BestCut } from "./best-cut.ts";
import type { Criterion, Leaf } from "./criterion.ts";
import type { Histogram, Histograms } from "./histogram.ts";
import type { SidePurity } from "./impurity.ts";
import type { Matrix } from "./matrix.ts";

export interface MeanOptions {
  /** By row of the matrix: rows of one target are pure. */
  readonly truth: Float64Array;
  readonly purity: SidePurity;
  /** The leaf of rows with this sum of contents and this weight. */
  readonly leafOf: (sum: number, weight: number) => Leaf;
}

/** In a node of more rows most codes occur. */
const manyRows = 64;

export class MeanCriterion implements Criterion {
  readonly channels = 2;
  pure = false;
  weight = 0;
  score = 0;
  #sum = 0;
  #start = 0;
  #end = 0;
  readonly #bag: Bag;
  readonly #matrix: Matrix;
  readonly options: MeanOptions;
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
    this.weight = this.#bag.weightIn(populations);
    this.score = this.options.purity(sum, this.weight);
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
    return this.options.leafOf(this.#sum, this.weight);
  }

  fill(histograms: Histograms, columns: Int32Array, count: number): void {
    const many = this.#end - this.#start > manyRows;
    if (many && count > 2) return this.#fillBatch(histograms, columns);
    for (let i = 0; i < count; i++) {
      if (many) this.#fillAll(histograms.each[i]!, columns[i]!);
      else this.#fillSeen(histograms.each[i]!, columns[i]!);
    }
  }

  /** A batch of columns in one pass over the rows, which costs less than twice what a single one does. */
  #fillBatch({ sums, each }: Histograms, columns: Int32Array): void {
    const { row, population, content } = this.#bag;
    const { codes, rows } = this.#matrix;
    const first = columns[0]! * rows;
    const second = columns[1]! * rows;
    const third = columns[2]! * rows;
    const fourth = columns[3]! * rows;
    const size = each[0]!.sums.length;
    const end = this.#end;
    for (let i = this.#start; i < end; i++) {
      const r = row[i]!;
      const p = population[i]!;
      const c = content[i]!;
      let at = codes[first + r]! << 1;
      sums[at] = sums[at]! + p;
      sums[at + 1] = sums[at + 1]! + c;
      at = size + (codes[second + r]! << 1);
      sums[at] = sums[at]! + p;
      sums[at + 1] = sums[at + 1]! + c;
      at = 2 * size + (codes[third + r]! << 1);
      sums[at] = sums[at]! + p;
      sums[at + 1] = sums[at + 1]! + c;
      at = 3 * size + (codes[fourth + r]! << 1);
      sums[at] = sums[at]! + p;
      sums[at + 1] = sums[at + 1]! + c;
    }
    // All of them: where there were only three columns, the fourth's sums must not stay.
    for (const histogram of each) histogram.collectAll();
  }

  #fillSeen(histogram: Histogram, column: number): void {
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
    histogram.collectSeen();
  }

  #fillAll(histogram: Histogram, column: number): void {
    const { row, population, content } = this.#bag;
    const { codes, rows } = this.#matrix;
    const { sums } = histogram;
    const base = column * rows;
    const end = this.#end;
    for (let i = this.#start; i < end; i++) {
      const at = codes[base + row[i]!]! << 1;
      sums[at] = sums[at]! + population[i]!;
      sums[at + 1] = sums[at + 1]! + content[i]!;
    }
    histogram.collectAll();
  }

  offerCuts(histogram: Histogram, best: BestCut): void {
    const { groups, rows, weight, code, size, missing, missingRows, only } = histogram;
    const { purity } = this.options;
    const missingSum = missingRows > 0 ? groups[size * 2 + 1]! : 0;
    const wholeRows = this.#end - this.#start;
    const whole = this.weight;
    const total = this.#sum;
    let leftRows = 0;
    let left = 0;
    let sum = 0;
    for (let i = 0; i < size; i++) {
      leftRows += rows[i]!;
      left += weight[i]!;
      sum += groups[i * 2 + 1]!;
      const rightRows = wholeRows - leftRows;
      if (rightRows === 0) break;
      if (only >= 0 && only !== i) continue;
      const score = purity(sum, left) + purity(total - sum, whole - left);
      if (score >= best.score) {
        const missingLeft = missingRows === 0 && leftRows > rightRows;
        best.offer({ score, bin: code[i]!, missingLeft, leftRows, rightRows });
      }
      if (missingRows === 0 || rightRows === missingRows) continue;
      const other = purity(sum + missingSum, left + missing) + purity(total - sum - missingSum, whole - left - missing);
      const sides = { leftRows: leftRows + missingRows, rightRows: rightRows - missingRows };
      best.offer({ score: other, bin: code[i]!, missingLeft: true, ...sides });
    }
  }
}
