/**
 * A node as its criterion sees it: sums over its rows, and the purity of every cut of a column. All sums are exact integers, so
 * the score of a cut depends on nothing but which rows go where.
 */
import type { BestCut } from "./best-cut.ts";
import type { Histogram, Histograms } from "./histogram.ts";

/** A leaf as a tree line has it. */
export type Leaf = number | number[];

export interface Criterion {
  /** For each code of a column: how many sums the histogram must have room for. */
  readonly channels: number;
  /** Looks at the rows of the bag from `start` to `end`: the node that everything else here is about. */
  enter(start: number, end: number): void;
  /** All rows of the node have the same target. */
  readonly pure: boolean;
  readonly weight: number;
  /** The node's own purity: see impurity.ts. */
  readonly score: number;
  leaf(): Leaf;
  /** Groups the node's rows by their codes in each of the first `count` columns, at most a batch. */
  fill(histograms: Histograms, columns: Int32Array, count: number): void;
  /** Offers the cuts between the groups. */
  offerCuts(histogram: Histogram, best: BestCut): void;
}
