/**
 * A forest, tree by tree. Preparing it reads the columns once (bin edges, one byte a cell, integer targets); after that
 * tree `i` is a pure function of (data, options, seed, i), whichever trees were grown before it and wherever, so trees may
 * be grown in any order, in any number of threads or pods, and a run that died continues with the next one.
 */
import type { TreeLine } from "../../model/format.ts";
import { type Bag, fillBag } from "./bag.ts";
import { bootstrapWeights } from "./bootstrap.ts";
import { ClassCriterion } from "./class-criterion.ts";
import type { Criterion } from "./criterion.ts";
import { rootKey } from "./feature-draw.ts";
import { type GrowOptions, growTree } from "./grow.ts";
import type { Forest, ForestHeader, ForestInput, ForestTarget } from "./input.ts";
import { codeMatrix, type Matrix } from "./matrix.ts";
import { type LeafOf, MeanCriterion } from "./mean-criterion.ts";
import { bootstraps, columnsPerSplit, rowsPerTree } from "./options.ts";
import { outOfBag } from "./out-of-bag.ts";
import { scaleTarget } from "./scale.ts";

export { ForestOptionError } from "./options.ts";
export type { Forest, ForestColumn, ForestHeader, ForestInput, ForestTarget, OutOfBagScore } from "./input.ts";

/** Stands in the header of each model. Raise the version with any change after which some tree has other bytes. */
export const growerVersion = "traintask-histogram/1";

/**
 * Bins the columns and readies everything that trees have in common.
 * @throws {ForestOptionError} for an option that does not fit the data
 * @throws {RangeError} for data that the reader of tables had to refuse: no rows or columns, infinities, a missing target
 */
export function prepareForest(input: ForestInput): Forest {
  const { options, seed, target } = input;
  if (input.rows.length === 0) throw new RangeError("there is no row to train on");
  if (input.columns.length === 0) throw new RangeError("there is no column to learn from");
  const bootstrap = bootstraps(options);
  const draws = bootstrap ? rowsPerTree(options.maxSamples, input.rows.length) : input.rows.length;
  const matrix = codeMatrix(input.columns, input.rows);
  const truth = Float64Array.from(
    input.rows,
    (row) => (target.problemType === "regression" ? target.values : target.codes)[row]!,
  );
  const treeOf = treeGrower(matrix, { target, truth, draws });
  const weightsOf = (tree: number): Uint32Array => bootstrapWeights({ seed, tree, rows: matrix.rows, draws });
  const all = new Uint32Array(matrix.rows).fill(1);
  const shape = growOptions(input, matrix);
  const classes = target.problemType === "classification" ? target.classes.length : 0;
  const bag = outOfBag(matrix, { problemType: target.problemType, truth, classes });
  return {
    header: headerOf(input, matrix),
    growTree: (tree) => ({
      kind: "tree",
      tree,
      ...treeOf(bootstrap ? weightsOf(tree) : all, { ...shape, key: rootKey(seed, tree) }),
    }),
    addOutOfBag(line) {
      if (bootstrap) bag.add(line, weightsOf(line.tree));
    },
    outOfBag: () => bag.score(),
    outOfBagPredictions: () => bag.predictions(),
    outOfBagProbabilities: () => bag.probabilities(),
  };
}

function headerOf({ target, options }: ForestInput, matrix: Matrix): ForestHeader {
  return {
    grower: growerVersion,
    problemType: target.problemType,
    ...(target.problemType === "classification" ? { classes: target.classes } : {}),
    columns: matrix.columns,
    rows: matrix.rows,
    randomForest: { nEstimators: options.nEstimators },
  };
}

function growOptions({ options, target }: ForestInput, matrix: Matrix): Omit<GrowOptions, "key"> {
  const { problemType } = target;
  return {
    maxDepth: options.maxDepth ?? Infinity,
    minSamplesSplit: options.minSamplesSplit,
    minSamplesLeaf: options.minSamplesLeaf,
    // A column of a single value is no choice: it is not counted among those that are drawn from.
    columnsPerSplit: columnsPerSplit(options.maxFeatures, { columns: matrix.varying.length, problemType }),
  };
}

type TreeOf = (weights: Uint32Array, options: GrowOptions) => Omit<TreeLine, "kind" | "tree">;

/** How a tree is grown from the weights of its rows, for this kind of target. */
function treeGrower(
  matrix: Matrix,
  { target, truth, draws }: { target: ForestTarget; truth: Float64Array; draws: number },
): TreeOf {
  const grow = (bag: Bag, criterion: Criterion, options: GrowOptions): ReturnType<TreeOf> =>
    growTree({ matrix, bag, criterion, options });
  if (target.problemType === "regression") {
    const scaled = scaleTarget(truth, draws);
    const leafOf: LeafOf = (sum, weight) => scaled.mean(sum, weight);
    return (weights, options) => {
      const bag = fillBag(weights, (row, weight) => weight * scaled.values[row]!);
      return grow(bag, new MeanCriterion(bag, matrix, leafOf), options);
    };
  }
  if (target.classes.length > 2)
    return (weights, options) => {
      const bag = fillBag(weights, (row) => truth[row]!);
      return grow(bag, new ClassCriterion(bag, matrix, target.classes.length), options);
    };
  return (weights, options) => {
    const bag = fillBag(weights, (row, weight) => weight * truth[row]!);
    return grow(bag, new MeanCriterion(bag, matrix, leafOfTwoClasses), options);
  };
}

/** `ones` of the weight is of class 1, the rest of class 0. */
function leafOfTwoClasses(ones: number, weight: number): number | number[] {
  if (ones === 0) return 0;
  return ones === weight ? 1 : [0, weight - ones, 1, ones];
}
