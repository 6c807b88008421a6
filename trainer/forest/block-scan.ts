/** The cuts of one column in a small node, read from its rows in the order of their codes. */
import type { BestCut } from "./best-cut.ts";
import { blockRows } from "./block-kernels.ts";
import { ofSquares } from "./impurity.ts";
import type { MeanOptions } from "./mean-criterion.ts";
import { missingEntry, type SortedBlock } from "./sorted-block.ts";

export class BlockScan {
  readonly #block: SortedBlock;
  readonly #best: BestCut;
  readonly #mean: MeanOptions;
  /** Fewest rows of a child. */
  readonly #least: number;
  readonly #squares: boolean;
  /** The node's sums. */
  #sum = 0;
  #weight = 0;

  constructor(
    block: SortedBlock,
    best: BestCut,
    { mean, least }: { readonly mean: MeanOptions; readonly least: number },
  ) {
    this.#block = block;
    this.#best = best;
    this.#mean = mean;
    this.#least = least;
    this.#squares = mean.purity === ofSquares;
  }

  /** Columns that follow are of the node with these sums. */
  enter({ sum, weight }: { readonly sum: number; readonly weight: number }): void {
    const { total } = this.#block.memory;
    total[0] = weight;
    total[1] = sum;
    this.#sum = sum;
    this.#weight = weight;
  }

  /** Offers the cuts of a column whose order is from `first` to `last`; answers whether it varies in the node. */
  offerCuts(column: number, first: number, last: number): boolean {
    const { entries } = this.#block.memory;
    const highest = entries[last]!;
    if ((entries[first]! ^ highest) < blockRows) return false;
    this.#best.enter(column);
    if (this.#squares && highest < missingEntry) this.#offerBest(first, last);
    else this.#offerAll(first, last);
    return true;
  }

  /** The column's best cut, the first one of equals, is all that can become the node's. */
  #offerBest(first: number, last: number): void {
    const { entries, score, kernels } = this.#block.memory;
    const least = this.#least - 1;
    const at = kernels.scan(2 * first, 2 * (first + least), 2 * (last - least)) >> 1;
    const best = this.#best;
    if (at === 0 || score[0]! < best.score) return;
    const leftRows = at + 1 - first;
    const rightRows = last - at;
    best.offer({ score: score[0]!, bin: entries[at]! >> 8, missingLeft: leftRows > rightRows, leftRows, rightRows });
  }

  /** Missing values, the last of the order, go to either side. */
  #offerAll(first: number, last: number): void {
    const total = this.#sum;
    const whole = this.#weight;
    const { entries, pairs } = this.#block.memory;
    const { purity } = this.#mean;
    const best = this.#best;
    let missingSum = 0;
    let missing = 0;
    let known = last;
    for (; entries[known]! >= missingEntry; known--) {
      missing += this.#block.weightOf(entries[known]! & 255);
      missingSum += this.#block.contentOf(entries[known]! & 255);
    }
    const missingRows = last - known;
    let sum = 0;
    let left = 0;
    for (let at = first; at <= known && at < last; at++) {
      const entry = entries[at]!;
      left += pairs[2 * (entry & 255)]!;
      sum += pairs[2 * (entry & 255) + 1]!;
      if ((entry ^ entries[at + 1]!) < blockRows) continue;
      const bin = entry >> 8;
      const leftRows = at + 1 - first;
      const rightRows = last - at;
      const score = purity(sum, left) + purity(total - sum, whole - left);
      best.offer({ score, bin, missingLeft: missingRows === 0 && leftRows > rightRows, leftRows, rightRows });
      if (missingRows === 0 || at === known) continue;
      const other = purity(sum + missingSum, left + missing) + purity(total - sum - missingSum, whole - left - missing);
      const sides = { leftRows: leftRows + missingRows, rightRows: rightRows - missingRows };
      best.offer({ score: other, bin, missingLeft: true, ...sides });
    }
  }
}
