/**
 * The two kinds of AdaBoost, round by round: a tree is grown on weighted rows, it gets a weight by how wrong it is, and the
 * rows that it gets wrong weigh more. As scikit-learn's AdaBoostRegressor and AdaBoostClassifier.
 */
import { random } from "../../../traintask/random.ts";
import type { Parameters } from "../operator.ts";
import { presentClasses } from "../targets.ts";
import { classCriterion } from "./class-criterion.ts";
import type { Leaf } from "./criterion.ts";
import { countedRows, drawUnit } from "./draw.ts";
import { TreeGrower } from "./grow.ts";
import { ValueCriterion } from "./mean-criterion.ts";
import { number } from "./parameters.ts";
import { type SortedTable } from "./sorted-table.ts";
import { TreesWriter, type TreesWithLeaves } from "./writer.ts";

export interface Rounds {
  /** Of classes: those that have rows, ascending. */
  readonly classes?: readonly number[];
  /** The tree of a round, on rows of these weights, whose sum is 1. */
  grow(round: number, weights: Float64Array): TreesWithLeaves<number>;
  /**
   * The tree's weight; 0: it is no better than guessing.
   * @param said by row: what the tree says
   * @param weights of the rows, which are changed for the next round
   * @returns whether it errs as well
   */
  judge(said: Float64Array, weights: Float64Array): { readonly weight: number; readonly isPerfect: boolean };
}

interface Task {
  readonly table: SortedTable;
  readonly seed: number;
  readonly parameters: Parameters;
}

const grownFully = { minSamplesSplit: 2, minSamplesLeaf: 1, cuts: "best" } as const;
export const maxDepth = { regression: 3, classification: 1 } as const;

/** AdaBoost.R2: each tree is grown on rows that are drawn by their weights. */
export function numberRounds(values: Float64Array, { table, seed, parameters }: Task): Rounds {
  const criterion = new ValueCriterion(table, values, grownFully);
  const options = { ...grownFully, maxDepth: maxDepth.regression, columnsPerSplit: table.columns };
  const grower = new TreeGrower(table, criterion, options);
  const rows = new Int32Array(table.rows);
  const learningRate = number(parameters, "learningRate");
  const lossOf = losses[parameters["loss"] as keyof typeof losses];
  return {
    grow(round, weights) {
      const generator = random(seed, round);
      const tree = new TreesWriter<number>();
      drawByWeight(criterion.weight, weights, () => drawUnit(generator));
      grower.grow(countedRows(criterion.weight, rows), tree, generator);
      return tree;
    },
    judge(said, weights) {
      const errors = said.map((value, row) => Math.abs(value - values[row]!));
      const greatest = errors.reduce((most, error) => Math.max(most, error), 0);
      if (greatest === 0) return { weight: 1, isPerfect: true };
      let error = 0;
      errors.forEach((absolute, row) => (error += weights[row]! * (errors[row] = lossOf(absolute / greatest))));
      if (error >= 0.5) return { weight: 0, isPerfect: false };
      const beta = error / (1 - error);
      errors.forEach((loss, row) => (weights[row]! *= beta ** ((1 - loss) * learningRate)));
      return { weight: learningRate * -Math.log(beta), isPerfect: false };
    },
  };
}

/** Of an error as a share of the greatest one. */
const losses = {
  linear: (error: number) => error,
  square: (error: number) => error * error,
  exponential: (error: number) => 1 - Math.exp(-error),
};

/** As many rows as there are, with replacement. @param counts by row: how often it was drawn, written */
export function drawByWeight(counts: Float64Array, weights: Float64Array, unit: () => number): void {
  const below = new Float64Array(weights.length);
  let sum = 0;
  for (let row = 0; row < weights.length; row++) below[row] = sum += weights[row]!;
  counts.fill(0);
  for (let i = 0; i < counts.length; i++) {
    const at = unit() * sum;
    let [from, to] = [0, below.length - 1];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (below[middle]! > at) to = middle;
      else from = middle + 1;
    }
    counts[to]! += 1;
  }
}

/** SAMME: each tree is grown on all rows, by their weights. */
export function classRounds(
  { classes, places }: ReturnType<typeof presentClasses>,
  { table, seed, parameters }: Task,
): Rounds {
  const options = { ...grownFully, classes: classes.length, criterion: "gini" } as const;
  const criterion = classCriterion(table, places, options);
  const grower = new TreeGrower(table, criterion, {
    ...options,
    maxDepth: maxDepth.classification,
    columnsPerSplit: table.columns,
  });
  const rows = new Int32Array(table.rows);
  const learningRate = number(parameters, "learningRate");
  return {
    classes,
    grow(round, weights) {
      const tree = new TreesWriter<number>();
      criterion.weight.set(weights);
      const voted = { split: tree.split.bind(tree), leaf: (leaf: Leaf) => tree.leaf(heaviest(leaf)) };
      grower.grow(countedRows(criterion.weight, rows), voted, random(seed, round));
      return tree;
    },
    judge(said, weights) {
      const isWrong = said.map((place, row) => (place === places[row] ? 0 : 1));
      const error = isWrong.reduce((sum, wrong, row) => sum + wrong * weights[row]!, 0);
      if (error === 0) return { weight: 1, isPerfect: true };
      if (error >= 1 - 1 / classes.length) return { weight: 0, isPerfect: false };
      const weight = learningRate * (Math.log((1 - error) / error) + Math.log(classes.length - 1));
      isWrong.forEach((wrong, row) => (weights[row]! *= Math.exp(weight * wrong)));
      return { weight: Math.max(0, weight), isPerfect: false };
    },
  };
}

/** The first of the classes that weigh most in a leaf. */
function heaviest(leaf: Leaf): number {
  if (typeof leaf === "number") return leaf;
  let best = 0;
  for (let i = 2; i < leaf.length; i += 2) if (leaf[i + 1]! > leaf[best + 1]!) best = i;
  return leaf[best]!;
}
