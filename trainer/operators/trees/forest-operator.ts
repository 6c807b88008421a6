/** What random forests and extremely randomised trees have in common: all but how they cut. */
import type { FittedForest } from "../../../model/steps/forest.ts";
import type { FitInput, Operator, Parameters } from "../operator.ts";
import { ensembleBytes } from "./bytes.ts";
import { type ForestOptions, growForest } from "./forest.ts";
import { criteria, members, number, shareOf, shares, treeGrid } from "./parameters.ts";

export function forestOperator({
  cuts,
  bootstrap,
}: {
  cuts: ForestOptions["cuts"];
  bootstrap: [boolean, boolean];
}): Operator {
  const optionsOf = ({ x }: FitInput, parameters: Parameters): ForestOptions => ({
    ...sizes(parameters),
    criterion: parameters["criterion"] as "gini" | "entropy",
    columnsPerSplit: shareOf(parameters["maxFeatures"], x.columns),
    bootstrap: parameters["bootstrap"] as boolean,
    cuts,
  });
  return {
    kind: "predictor",
    problemTypes: ["classification", "regression"],
    parameters: { nEstimators: [members], criterion: criteria, maxFeatures: shares, ...treeGrid, bootstrap },
    onlyFor: { criterion: "classification" },
    bytes: (shape, parameters) => ensembleBytes(shape, sizes(parameters)),
    fit: (input, parameters) => growForest(input, optionsOf(input, parameters)),
    growing: {
      parameter: "nEstimators",
      members,
      extend: (input, parameters, fitted) => growForest(input, optionsOf(input, parameters), fitted as FittedForest),
    },
  };
}

const sizes = (parameters: Parameters) => ({
  trees: number(parameters, "nEstimators"),
  maxDepth: Infinity,
  minSamplesSplit: number(parameters, "minSamplesSplit"),
  minSamplesLeaf: number(parameters, "minSamplesLeaf"),
});
