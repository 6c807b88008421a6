/**
 * The model file: JSON Lines, each line with a `kind`: `header`, then one `tree` per line (of a forest), one `iteration`
 * (of boosting: one tree, or one per class) or one `step` (of the pipeline that a search found), then `end`. Later versions
 * add kinds; a reader refuses by name a kind or a version that it does not know.
 *
 * A part (what one shard uploads, before it is merged) may hold a second header: a trainer of another grower version
 * found it and began again, since streams are append-only; or a search that was suspended wrote its best pipeline so
 * far, and then went on. Its lines count from its last header on. A model has one.
 *
 * A tree is written in preorder: a split is followed by its left subtree, then its right one. So three arrays say it all:
 *
 *            [col 2, bin 7]              feature: [2, 0, -1, -1, -1]   one entry per node, -1 a leaf
 *            /            \              bin:     [7, 3]               one per split, in order
 *      [col 0, bin 3]    leaf c          value:   [a, b, c]            one per leaf, in order
 *        /       \
 *     leaf a    leaf b
 *
 * A row goes left where its code in that column is <= bin. Codes: of a number, how many of the column's edges are
 * smaller than it (so `x <= edges[bin]` goes left); of a category, its index in `categories`; a missing or unknown
 * value goes right, unless the split's index (among splits) stands in `missingLeft`. A bin may be the highest code there
 * is (the number of edges): then all known values go left, and the split parts them from the missing ones.
 *
 * A grower without bins writes `threshold` instead of `bin`, and number columns without edges: a row goes left where its
 * number, or the code of its category, is smaller than the threshold.
 */

export const formatVersion = 1;

export interface NumberColumn {
  readonly name: string;
  readonly type: "number";
  /** Whether rows trained on lack it; absent where none does. */
  readonly missing?: true;
  /** Strictly ascending; at most 254. */
  readonly edges: readonly number[];
}
export interface CategoryColumn {
  readonly name: string;
  readonly type: "category";
  readonly missing?: true;
  /** Most frequent first, ties by code unit; at most 254. */
  readonly categories: readonly string[];
}
export type ModelColumn = NumberColumn | CategoryColumn;

/** What every header has: a pure function of the data and of what in the spec makes the model: no time, host, shard or path. */
export interface ModelHeader {
  readonly kind: "header";
  readonly version: typeof formatVersion;
  /** Name and version of the code that grows: other versions may grow other trees. */
  readonly grower: string;
  /** `sha256:<hex>` of the table as read. */
  readonly data: string;
  /** `sha256:<hex>` of trainer, seed and the parts of dataset that make the model, canonical JSON. */
  readonly spec: string;
  readonly problemType: "classification" | "regression";
  readonly target: string;
  /** Of classification: labels as written in the data, most frequent first, ties by code unit. */
  readonly classes?: readonly string[];
  readonly columns: readonly ModelColumn[];
  /** Rows trained on. */
  readonly rows: number;
}

export interface ForestHeaderLine extends ModelHeader {
  /** Which trainer's part follows. */
  readonly trainer: "randomForest";
  readonly randomForest: { readonly nEstimators: number };
}

export interface BoostingHeaderLine extends ModelHeader {
  readonly trainer: "gradientBoosting";
  readonly gradientBoosting: {
    /** Most iterations that may follow: early stopping ends with fewer. */
    readonly maxIter: number;
    /** Where the raw scores begin: one number for regression and two classes, else one per class. */
    readonly baseline: readonly number[];
  };
}

/** Number columns have no edges: what a pipeline computes with are numbers, and codes of categories. */
export interface SearchHeaderLine extends ModelHeader {
  readonly trainer: "search";
  readonly search: {
    /** `standardScaler > pca(components=0.9) > ridge(alpha=1)`: an operator for each step but the first, `input`. */
    readonly pipeline: string;
    /** Steps that follow, `input` included. */
    readonly steps: number;
  };
}

/** Of a model of trees. */
export type TreesHeaderLine = ForestHeaderLine | BoostingHeaderLine;
export type HeaderLine = TreesHeaderLine | SearchHeaderLine;

/** One tree in preorder, with `bin` or with `threshold`, never both. */
export interface TreeArrays {
  readonly feature: readonly number[];
  readonly bin?: readonly number[];
  /** One per split: a row goes left where its number, or the code of its category, is smaller. */
  readonly threshold?: readonly number[];
  /** Indices (among splits, preorder) of splits that send missing values left. Absent when none does. */
  readonly missingLeft?: readonly number[];
  /**
   * Regression: the mean. Classification: the class index where the leaf is pure, else
   * `[class, weight, class, weight, ...]` with weights above 0, classes ascending.
   */
  readonly value: readonly (number | readonly number[])[];
}

export interface TreeLine extends TreeArrays {
  readonly kind: "tree";
  /** Index of the tree, 0-based: it is grown from (seed, tree) alone. */
  readonly tree: number;
  /** Total impurity decrease per column, as `[column, decrease, ...]`, columns ascending; sums to 1 unless there is no split. */
  readonly importance: readonly number[];
}

/** A tree of an iteration: its leaves hold what is added to the raw score, the learning rate included. */
export interface BoostedTree {
  readonly feature: readonly number[];
  readonly bin: readonly number[];
  readonly missingLeft?: readonly number[];
  readonly value: readonly number[];
}

/** One iteration of boosting. */
export interface IterationLine {
  readonly kind: "iteration";
  /** Index, 0-based: the lines are there from 0 on without a gap. */
  readonly iteration: number;
  /** One per number of the header's baseline, in its order. */
  readonly trees: readonly BoostedTree[];
  /** After this iteration; `validation` on the rows that early stopping holds out. */
  readonly loss: { readonly train: number; readonly validation?: number };
  /** Gain per column, summed over the trees, as `[column, gain, ...]`, columns ascending. */
  readonly importance: readonly number[];
}

/** One step of a pipeline: what its operator found in the rows trained on. */
export interface StepLine {
  readonly kind: "step";
  /** Index, 0-based: the lines are there from 0 on without a gap. */
  readonly step: number;
  /** Which step of model/steps/ it is: `input` the first one, then those of the header's pipeline. */
  readonly operator: string;
  /** Plain JSON, which that step's `read` knows. */
  readonly fitted: object;
}

/** Written when the model is sealed, from the lines before it alone. */
export interface ForestEndLine {
  readonly kind: "end";
  /** How many trees are present, and the missing ones as `[first, last]` ranges. */
  readonly trees: number;
  readonly missing?: readonly (readonly [number, number])[];
  /** Mean over trees, normalised to sum 1, one per column of the header. */
  readonly importances: readonly number[];
}

export interface BoostingEndLine {
  readonly kind: "end";
  /** How many iterations are present. */
  readonly iterations: number;
  /** The last one that prediction uses (see boosted.ts). Absent when there is none. */
  readonly bestIteration?: number;
  /** Gains over all iterations, normalised to sum 1, one per column of the header. */
  readonly importances: readonly number[];
}

export interface SearchEndLine {
  readonly kind: "end";
  /** How many steps are present: all, for a pipeline without its last step predicts nothing. */
  readonly steps: number;
}

export type EndLine = ForestEndLine | BoostingEndLine | SearchEndLine;

/** A line between header and end. */
export type BodyLine = TreeLine | IterationLine | StepLine;
export type ModelLine = HeaderLine | BodyLine | EndLine;
