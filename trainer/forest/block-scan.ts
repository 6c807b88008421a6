/** The cuts of one column in a small node, read from its rows in the order of their codes. */
import type { BestCut } from "./best-cut.ts";
import type { MeanOptions } from "./mean-criterion.ts";
import { blockRows, type SortedBlock } from "./sorted-block.ts";

/** Entries of an order from here on are of rows without a value. */
const missingEntry = 0xff00;

export class BlockScan {
  readonly #block: SortedBlock;
  readonly #best: BestCut;
  readonly #mean: MeanOptions;
  /** The node: where the orders of its columns are, and its sums. */
  #order: Uint16Array = new Uint16Array(0);
  #sum = 0;
  #weight = 0;

  constructor(block: SortedBlock, best: BestCut, mean: MeanOptions) {
    this.#block = block;
    this.#best = best;
    this.#mean = mean;
  }

  /** Columns that follow are of the node with these sums. */
  enter(order: Uint16Array, { sum, weight }: { readonly sum: number; readonly weight: number }): void {
    this.#order = order;
    this.#sum = sum;
    this.#weight = weight;
  }

  /** Offers the cuts of a column whose order is from `first` to `last`; answers whether it varies in the node. */
  offerCuts(column: number, first: number, last: number): boolean {
    const order = this.#order;
    const total = this.#sum;
    const whole = this.#weight;
    let entry = order[first]!;
    if ((entry ^ order[last]!) < blockRows) return false;
    const best = this.#best;
    best.enter(column);
    if (order[last]! >= missingEntry) {
      this.#offerWithMissing(first, last);
      return true;
    }
    const { content, weight } = this.#block;
    const { purity } = this.#mean;
    let sum = 0;
    let left = 0;
    for (let at = first; at < last; at++) {
      sum += content[entry & 255]!;
      left += weight[entry & 255]!;
      const next = order[at + 1]!;
      if ((entry ^ next) >= blockRows) {
        const score = purity(sum, left) + purity(total - sum, whole - left);
        if (score >= best.score) {
          const leftRows = at + 1 - first;
          const rightRows = last - at;
          best.offer({ score, bin: entry >> 8, missingLeft: leftRows > rightRows, leftRows, rightRows });
        }
      }
      entry = next;
    }
    return true;
  }

  /** Missing values, the last of the order, go to either side. */
  #offerWithMissing(first: number, last: number): void {
    const order = this.#order;
    const total = this.#sum;
    const whole = this.#weight;
    const { content, weight } = this.#block;
    const { purity } = this.#mean;
    const best = this.#best;
    let missingSum = 0;
    let missing = 0;
    let known = last;
    for (; order[known]! >= missingEntry; known--) {
      missingSum += content[order[known]! & 255]!;
      missing += weight[order[known]! & 255]!;
    }
    const missingRows = last - known;
    let sum = 0;
    let left = 0;
    for (let at = first; at <= known; at++) {
      const entry = order[at]!;
      sum += content[entry & 255]!;
      left += weight[entry & 255]!;
      if ((entry ^ order[at + 1]!) < blockRows) continue;
      const bin = entry >> 8;
      const leftRows = at + 1 - first;
      const rightRows = last - at;
      const score = purity(sum, left) + purity(total - sum, whole - left);
      best.offer({ score, bin, missingLeft: false, leftRows, rightRows });
      if (at === known) return;
      const other = purity(sum + missingSum, left + missing) + purity(total - sum - missingSum, whole - left - missing);
      const sides = { leftRows: leftRows + missingRows, rightRows: rightRows - missingRows };
      best.offer({ score: other, bin, missingLeft: true, ...sides });
    }
  }
}
