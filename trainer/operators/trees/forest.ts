/**
 * Forests of exact trees, as scikit-learn's: each tree a pure function of (input, options, seed, its index), so that a forest
 * that was begun small goes on with the next tree.
 */
import type { FittedForest } from "../../../model/steps/forest.ts";
import { random } from "../../../traintask/random.ts";
import { type FitInput, finiteNumbers, type Target } from "../operator.ts";
import { classCriterion } from "./class-criterion.ts";
import type { Criterion, Leaf } from "./criterion.ts";
import { bootstrap, countedRows } from "./draw.ts";
import { type GrowOptions, TreeGrower } from "./grow.ts";
import { ValueCriterion } from "./mean-criterion.ts";
import { type SortedTable, sortedTable } from "./sorted-table.ts";
import { countTrees, TreesWriter } from "./writer.ts";

export interface ForestOptions extends GrowOptions {
  readonly trees: number;
  /** Of classes. */
  readonly criterion: "gini" | "entropy";
  /** Whether each tree draws its rows. */
  readonly bootstrap: boolean;
}

/** One tree on all rows and all columns, the first of equally good ones: nothing in it is random. */
export function growTree(input: FitInput, options: Omit<ForestOptions, "trees" | "bootstrap">): FittedForest {
  const table = sortedTable(input.x);
  const tree = new TreesWriter<Leaf>();
  new TreeGrower(table, criterionOf(input.target, table, options), options).grow(allRows(table), tree);
  return fitted(tree);
}

const allRows = ({ rows }: SortedTable): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);

/** @throws {OperatorError} where what the trees say cannot be added up */
function fitted({ feature, threshold, value }: TreesWriter<Leaf>): FittedForest {
  const trees = countTrees({ feature });
  finiteNumbers(
    "the sum of the trees",
    value.flat().map((number) => number * trees),
  );
  return { feature, threshold, value };
}

/** @param begun a forest of the same input and options with fewer trees: these are not grown again */
export function growForest(input: FitInput, options: ForestOptions, begun?: FittedForest): FittedForest {
  const trees = new TreesWriter<Leaf>();
  if (begun !== undefined) trees.append(begun);
  growTrees(input, options, { trees, first: begun === undefined ? 0 : countTrees(begun) });
  return fitted(trees);
}

/** By column: how much purer the splits by it make the nodes; the sum is 1, or 0 where no tree has a split. */
export function importances(
  input: FitInput,
  options: ForestOptions,
  table: SortedTable = sortedTable(input.x),
): Float64Array {
  const sums = new Float64Array(table.columns);
  const add = (decreases: Float64Array): void => {
    const whole = decreases.reduce((sum, decrease) => sum + decrease, 0);
    if (whole > 0) for (let c = 0; c < sums.length; c++) sums[c]! += decreases[c]! / whole;
  };
  growTrees(input, options, { trees: new TreesWriter<Leaf>(), first: 0, table, add });
  const whole = sums.reduce((sum, share) => sum + share, 0);
  return whole > 0 ? sums.map((share) => share / whole) : sums;
}

interface Growth {
  readonly trees: TreesWriter<Leaf>;
  /** Index of the first tree to grow. */
  readonly first: number;
  readonly table?: SortedTable;
  /** Told after each tree what its splits were worth, by column. */
  readonly add?: (decreases: Float64Array) => void;
}

function growTrees(input: FitInput, options: ForestOptions, { trees, first, table, add }: Growth): void {
  const sorted = table ?? sortedTable(input.x);
  const criterion = criterionOf(input.target, sorted, options);
  const grower = new TreeGrower(sorted, criterion, options);
  const rows = allRows(sorted);
  for (let tree = first; tree < options.trees; tree++) {
    const generator = random(input.seed, tree);
    if (options.bootstrap) bootstrap(criterion.weight, generator);
    grower.grow(countedRows(criterion.weight, rows), trees, generator);
    add?.(grower.decreases);
  }
}

function criterionOf(
  target: Target,
  table: SortedTable,
  options: Pick<ForestOptions, "criterion" | "minSamplesLeaf">,
): Criterion<Leaf> {
  const { criterion, minSamplesLeaf } = options;
  if (target.problemType === "regression") return new ValueCriterion(table, target.values, { minSamplesLeaf });
  return classCriterion(table, target.codes, { criterion, classes: target.classes, minSamplesLeaf });
}
