/**
 * AdaBoost on shallow trees, as scikit-learn's: of numbers AdaBoost.R2 (Drucker, 1997), of classes SAMME (Zhu, Zou, Rosset
 * and Hastie, 2009); `trees/rounds.ts` says what a round is. Trees that are there already are only judged, so an ensemble that was
 * begun small goes on as if it had never stopped.
 */
import type { FittedAdaBoost } from "../../model/steps/ada-boost.ts";
import { findLeaves, treesOf } from "../../model/steps/trees.ts";
import { type FitInput, finiteNumbers, type Operator, type Parameters } from "./operator.ts";
import { presentClasses } from "./targets.ts";
import { ensembleBytes } from "./trees/bytes.ts";
import { members, number } from "./trees/parameters.ts";
import { classRounds, maxDepth, numberRounds, type Rounds } from "./trees/rounds.ts";
import { sortedTable } from "./trees/sorted-table.ts";
import { eachTree, TreesWriter } from "./trees/writer.ts";

export const adaBoost: Operator = {
  kind: "predictor",
  problemTypes: ["classification", "regression"],
  parameters: {
    nEstimators: [members],
    learningRate: [1, 0.001, 0.01, 0.1, 0.5],
    loss: ["linear", "square", "exponential"],
  },
  onlyFor: { loss: "regression" },
  bytes: (shape, parameters) =>
    ensembleBytes(shape, {
      trees: number(parameters, "nEstimators"),
      maxDepth: shape.classes === undefined ? maxDepth.regression : maxDepth.classification,
      minSamplesLeaf: 1,
    }),
  fit: (input, parameters) => boost(input, parameters),
  growing: {
    parameter: "nEstimators",
    members,
    extend: (input, parameters, fitted) => boost(input, parameters, fitted as FittedAdaBoost),
  },
};

function roundsOf({ x, target, seed }: FitInput, parameters: Parameters): Rounds {
  const task = { table: sortedTable(x), seed, parameters };
  if (target.problemType === "regression") return numberRounds(target.values, task);
  return classRounds(presentClasses(target), task);
}

function boost(input: FitInput, parameters: Parameters, begun?: FittedAdaBoost): FittedAdaBoost {
  const { x } = input;
  const rounds = roundsOf(input, parameters);
  const known = begun === undefined ? [] : eachTree(begun);
  const trees = new TreesWriter<number>();
  const weight: number[] = [];
  const weights = new Float64Array(x.rows).fill(1 / x.rows);
  const leaves = new Int32Array(x.rows);
  for (let round = 0; round < number(parameters, "nEstimators"); round++) {
    const tree = known[round] ?? rounds.grow(round, weights);
    findLeaves(treesOf(tree), 0, { x, leaves });
    const verdict = rounds.judge(
      Float64Array.from(leaves, (leaf) => tree.value[leaf]!),
      weights,
    );
    if (verdict.weight === 0 && round > 0) break;
    // A first tree that is no better than guessing is all there is.
    trees.append(tree);
    weight.push(verdict.weight || 1);
    if (verdict.weight === 0 || verdict.isPerfect || !normalize(weights)) break;
  }
  const { feature, threshold, value } = trees;
  finiteNumbers("a leaf", value);
  finiteNumbers("the weight of a tree", weight);
  return { ...(rounds.classes && { classes: rounds.classes }), feature, threshold, value, weight };
}

/** Makes the sum of the weights 1, none of them 0. @returns whether it can be done */
function normalize(weights: Float64Array): boolean {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0 && Number.isFinite(sum))) return false;
  for (let row = 0; row < weights.length; row++) weights[row] = Math.max(Number.EPSILON, weights[row]! / sum);
  return true;
}
