/**
 * Gini impurity and entropy of three classes and more. A row's content is its class. In each node the classes that
 * occur are numbered anew from 0, so a bin has as many sums as the node has classes, not as the data has.
 */
import type { Bag } from "./bag.ts";
import type { BestCut } from "./best-cut.ts";
import type { Criterion, Leaf } from "./criterion.ts";
import type { Histogram } from "./histogram.ts";
import type { ClassPurity } from "./impurity.ts";
import type { Matrix } from "./matrix.ts";

export interface ClassOptions {
  readonly classes: number;
  readonly purity: ClassPurity;
}

export class ClassCriterion implements Criterion {
  readonly channels: number;
  pure = false;
  population = 0;
  score = 0;
  #start = 0;
  #end = 0;
  readonly #bag: Bag;
  readonly #matrix: Matrix;
  readonly #purity: ClassPurity;
  /** Classes of the node, ascending, and the weight of each in it. */
  #present: number[] = [];
  #weights: Float64Array = new Float64Array(0);
  /** By class of the data: its weight, 0 between two nodes, and its number within the node. */
  readonly #count: Float64Array;
  readonly #local: Int32Array;

  constructor(bag: Bag, matrix: Matrix, { classes, purity }: ClassOptions) {
    this.#purity = purity;
    this.channels = classes + 1;
    this.#bag = bag;
    this.#matrix = matrix;
    this.#count = new Float64Array(classes);
    this.#local = new Int32Array(classes);
  }

  enter(start: number, end: number): void {
    const { population, content, unit } = this.#bag;
    const count = this.#count;
    const present: number[] = [];
    let populations = 0;
    for (let i = start; i < end; i++) {
      const c = content[i]!;
      if (count[c] === 0) present.push(c);
      count[c] = count[c]! + population[i]! - unit;
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
    const parts = this.#weights.reduce((sum, weight) => sum + this.#purity.part(weight), 0);
    this.score = this.#purity.whole(parts, this.#bag.weightIn(populations));
    this.#start = start;
    this.#end = end;
  }

  leaf(): Leaf {
    return this.pure ? this.#present[0]! : this.#present.flatMap((c, local) => [c, this.#weights[local]!]);
  }

  fill(histogram: Histogram, column: number): void {
    const channels = this.#present.length + 1;
    histogram.channels = channels;
    const { row, population, content, unit } = this.#bag;
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
      sums[ofClass] = sums[ofClass]! + population[i]! - unit;
      seen[code >> 5] = seen[code >> 5]! | (1 << code);
    }
    histogram.collect();
  }

  offerCuts({ groups, code, size, missing, only, channels }: Histogram, best: BestCut): void {
    const classes = this.#weights.length;
    const leftOf = new Float64Array(classes);
    const missingOf = groups.subarray(size * channels + 1, (size + 1) * channels);
    const bag = this.#bag;
    let left = 0;
    for (let i = 0; i < size; i++) {
      const bin = code[i]!;
      const at = i * channels;
      left += groups[at]!;
      for (let c = 0; c < classes; c++) leftOf[c] = leftOf[c]! + groups[at + 1 + c]!;
      const right = this.population - left;
      if (right === 0) break;
      if (only >= 0 && only !== i) continue;
      const score = this.#scoreOf(left, leftOf);
      if (score >= best.score) {
        const leftRows = bag.rowsIn(left);
        const rightRows = bag.rowsIn(right);
        best.offer({ score, bin, missingLeft: missing === 0 && leftRows > rightRows, leftRows, rightRows });
      }
      if (missing === 0 || right === missing) continue;
      const withMissing = left + missing;
      const other = this.#scoreOf(
        withMissing,
        leftOf.map((sum, c) => sum + missingOf[c]!),
      );
      const leftRows = bag.rowsIn(withMissing);
      best.offer({ score: other, bin, missingLeft: true, leftRows, rightRows: bag.rowsIn(right - missing) });
    }
  }

  /** Of the cut with this population and these weights of classes on the left. */
  #scoreOf(left: number, leftOf: Float64Array): number {
    const weights = this.#weights;
    const { part, whole } = this.#purity;
    let ofLeft = 0;
    let ofRight = 0;
    for (let c = 0; c < weights.length; c++) {
      ofLeft += part(leftOf[c]!);
      ofRight += part(weights[c]! - leftOf[c]!);
    }
    const bag = this.#bag;
    return whole(ofLeft, bag.weightIn(left)) + whole(ofRight, bag.weightIn(this.population - left));
  }
}
