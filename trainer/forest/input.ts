/**
 * What a forest is grown from, and what it offers while it grows: the types between the grower (forest.ts) and those
 * who use it.
 */
import type { ForestHeaderLine, TreeLine } from "../../model/format.ts";
import type { RandomForestSpec } from "../../traintask/trainers.ts";

/** One entry per row of the whole table in each column. */
export type ForestColumn =
  | {
      readonly name: string;
      readonly type: "number";
      /** NaN is a missing value; infinities are refused. */
      readonly values: Float64Array;
    }
  | {
      readonly name: string;
      readonly type: "category";
      /** At most 254, most frequent first, ties by code unit. */
      readonly categories: readonly string[];
      /** Index in `categories`; any other number (-1, 255) is a missing value. */
      readonly codes: Int32Array | Int16Array | Uint8Array;
    };

export type ForestTarget =
  | {
      readonly problemType: "regression";
      /** Finite in every row of `rows`. */
      readonly values: Float64Array;
    }
  | {
      readonly problemType: "classification";
      /** Labels, most frequent first, ties by code unit. */
      readonly classes: readonly string[];
      /** Index in `classes`, in every row of `rows`. */
      readonly codes: Int32Array | Int16Array | Uint16Array | Uint8Array;
    };

export interface ForestInput {
  readonly columns: readonly ForestColumn[];
  readonly target: ForestTarget;
  /** Rows of the table to train on, ascending, none twice: bootstrap draws by position in this list. */
  readonly rows: Uint32Array;
  /** By row of the whole table: finite, at least 0, not all 0 in `rows`. Absent: each row counts 1. */
  readonly weights?: Float64Array;
  readonly options: RandomForestSpec;
  readonly seed: number;
}

/** What the grower knows of the header; the caller adds kind, version, trainer, data, spec and target. */
export type ForestHeader = Pick<
  ForestHeaderLine,
  "grower" | "problemType" | "classes" | "columns" | "rows" | "randomForest"
>;

export interface OutOfBagScore {
  /** Share of rows whose most probable class is right, or the coefficient of determination. */
  readonly metric: "accuracy" | "r2";
  readonly score: number;
  /** Rows that at least one tree had left out, the only ones scored. */
  readonly rows: number;
  /** Trees that were added. */
  readonly trees: number;
}

export interface Forest {
  readonly header: ForestHeader;
  /** Grows tree `tree` (0-based). Takes no account of trees grown before. */
  growTree(tree: number): TreeLine;
  /**
   * Where the rows fall that a tree did not see, which follow from (seed, tree): by position in `input.rows` the number of
   * the leaf, -1 of a row that it saw. Any thread may find them. Undefined without bootstrap.
   */
  outOfBagLeaves(line: TreeLine): Int32Array | undefined;
  /**
   * Counts a tree's votes on the rows it did not see. For trees just grown and for those read back from a stored part
   * alike; each once, in any order: the sums are exact. Without bootstrap a no-op.
   * @param leaves of this tree, where another thread has found them
   */
  addOutOfBag(line: TreeLine, leaves?: Int32Array): void;
  /** Undefined without bootstrap, before a row was left out by a tree, and for R2 of a constant target. */
  outOfBag(): OutOfBagScore | undefined;
  /**
   * By position in `input.rows`: mean of the votes so far (regression) or index of the most probable class; NaN where
   * every tree had the row in its bag.
   */
  outOfBagPredictions(): Float64Array;
  /**
   * Of a classification, `rows x classes` by row: the mean of the votes so far; NaN where every tree had the row in its bag.
   * Undefined for a regression.
   */
  outOfBagProbabilities(): Float64Array | undefined;
}
