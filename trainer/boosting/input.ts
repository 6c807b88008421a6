/** What boosting starts from and what it offers: the types between the grower (boosting.ts) and those who use it. */
import type { BoostingHeaderLine, IterationLine } from "../../model/format.ts";
import type { GradientBoostingSpec } from "../../traintask/trainers.ts";
import type { ForestColumn, ForestTarget } from "../forest/input.ts";

export interface BoostingInput {
  /** Categories are taken as ordered by their codes, the most frequent first, as in a forest. */
  readonly columns: readonly ForestColumn[];
  readonly target: ForestTarget;
  /** Rows of the table to train on, ascending, none twice. Early stopping sets some of these aside. */
  readonly rows: Uint32Array;
  /** One per row of the table, finite, at least 0. A row of weight 0 is as if it were not there. */
  readonly weights?: Float64Array;
  readonly options: GradientBoostingSpec;
  /** Draws the rows that early stopping sets aside, and nothing else. */
  readonly seed: number;
}

/** What the grower knows of the header; the caller adds kind, version, trainer, data, spec and target. */
export type BoostingHeader = Pick<
  BoostingHeaderLine,
  "grower" | "problemType" | "classes" | "columns" | "rows" | "gradientBoosting"
>;

export interface Boosting {
  readonly header: BoostingHeader;
  /**
   * Takes over a stored line, in order, as if it had just been grown.
   * @throws {ReplayError} where its trees do not lead to exactly the losses that it states
   */
  replay(line: IterationLine): void;
  /**
   * Grows the next iteration; undefined when there is none left.
   * @throws {FiniteError} rather than answer with a number that is none
   */
  grow(): IterationLine | undefined;
  /** Iterations taken over and grown. */
  readonly iterations: number;
  /** Whether early stopping has ended it. */
  readonly stopped: boolean;
}
