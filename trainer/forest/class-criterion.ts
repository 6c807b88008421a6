/**
 * Gini impurity and entropy of three classes and more. A row's content is its class. In each node the classes that
 * occur are numbered anew from 0, so a bin has as many sums as the node has classes, not as the data has.
 */
import type { Bag } from "./bag.ts";
import type { BestCut } from "./best-cut.ts";
import type { Criterion, Leaf } from "./criterion.ts";
import type { Histogram, Histograms } from "./histogram.ts";
import type { ClassPurity } from "./impurity.ts";
import type { Matrix } from "./matrix.ts";

export interface ClassOptions {
  readonly classes: number;
  readonly purity: ClassPurity;
}

export class ClassCriterion implements Criterion {
  readonly channels: number;
  pure = false;
  weight = 0;
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
    this.weight = this.#bag.weightIn(populations);
    const parts = this.#weights.reduce((sum, weight) => sum + this.#purity.part(weight), 0);
    this.score = this.#purity.whole(parts, this.weight);
    this.#start = start;
    this.#end = end;
  }

  leaf(): Leaf {
    return this.pure ? this.#present[0]! : this.#present.flatMap((c, local) => [c, this.#weights[local]!]);
  }

  fill({ each }: Histograms, columns: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#fillOne(each[i]!, columns[i]!);
  }

  #fillOne(histogram: Histogram, column: number): void {
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
    histogram.collectSeen();
  }

  offerCuts(histogram: Histogram, best: BestCut): void {
    const { groups, code, rows, weight, size, missing, missingRows, only, channels } = histogram;
    const leftOf = new Float64Array(this.#weights.length);
    const missingOf = groups.subarray(size * channels + 1, (size + 1) * channels);
    const wholeRows = this.#end - this.#start;
    let leftRows = 0;
    let left = 0;
    for (let i = 0; i < size; i++) {
      leftRows += rows[i]!;
      left += weight[i]!;
      for (let c = 0; c < leftOf.length; c++) leftOf[c] = leftOf[c]! + groups[i * channels + 1 + c]!;
      const rightRows = wholeRows - leftRows;
      if (rightRows === 0) break;
      if (only >= 0 && only !== i) continue;
      const score = this.#scoreOf(left, leftOf);
      if (score >= best.score) {
        const missingLeft = missingRows === 0 && leftRows > rightRows;
        best.offer({ score, bin: code[i]!, missingLeft, leftRows, rightRows });
      }
      if (missingRows === 0 || rightRows === missingRows) continue;
      const other = this.#scoreOf(
        left + missing,
        leftOf.map((sum, c) => sum + missingOf[c]!),
      );
      const sides = { leftRows: leftRows + missingRows, rightRows: rightRows - missingRows };
      best.offer({ score: other, bin: code[i]!, missingLeft: true, ...sides });
    }
  }

  /** Of the cut with this weight and these weights of classes on the left. */
  #scoreOf(left: number, leftOf: Float64Array): number {
    const weights = this.#weights;
    const { part, whole } = this.#purity;
    let ofLeft = 0;
    let ofRight = 0;
    for (let c = 0; c < weights.length; c++) {
      ofLeft += part(leftOf[c]!);
      ofRight += part(weights[c]! - leftOf[c]!);
    }
    return whole(ofLeft, left) + whole(ofRight, this.weight - left);
  }
}
