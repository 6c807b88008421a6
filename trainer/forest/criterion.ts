/**
 * What a tree makes purer: gini impurity or squared error. Both judge a cut by the same score: over both children, the sum of
 * squared sums over the weight, `sum(s_c^2) / w`. Less the node's own score it is the decrease of impurity times the node's
 * weight, and it needs no sum of squared targets. All sums are exact integers, so the score of a cut depends on nothing but
 * which rows go where.
 */
import type { BestCut } from "./best-cut.ts";
import type { Histogram } from "./histogram.ts";

export interface Criterion {
  /** For each code of a column: how many sums the histogram must have room for. */
  readonly channels: number;
  /** Looks at the rows of the bag from `start` to `end`: the node that everything else here is about. */
  enter(start: number, end: number): void;
  /** All rows of the node have the same target. */
  readonly pure: boolean;
  readonly population: number;
  /** The node's own score. */
  readonly score: number;
  /** The node's leaf, as a tree line has it. */
  leaf(): number | number[];
  /** Groups the node's rows by their codes in a column. */
  fill(histogram: Histogram, column: number): void;
  /** Offers every cut between the groups. */
  offerCuts(histogram: Histogram, column: number, best: BestCut): void;
}
