/** One tree, as scikit-learn's; where that draws lots among equally good splits, the first column is taken. */
import { type Operator, type Parameters } from "./operator.ts";
import { ensembleBytes } from "./trees/bytes.ts";
import { growTree } from "./trees/forest.ts";
import { criteria, depths, number, treeGrid } from "./trees/parameters.ts";

export const decisionTree: Operator = {
  kind: "predictor",
  problemTypes: ["classification", "regression"],
  parameters: { criterion: criteria, maxDepth: depths, ...treeGrid },
  onlyFor: { criterion: "classification" },
  bytes: (shape, parameters) => ensembleBytes(shape, { trees: 1, ...sizes(parameters) }),
  fit(input, parameters) {
    return growTree(input, {
      ...sizes(parameters),
      criterion: parameters["criterion"] as "gini" | "entropy",
      columnsPerSplit: input.x.columns,
      cuts: "best",
    });
  },
};

const sizes = (parameters: Parameters) => ({
  maxDepth: number(parameters, "maxDepth"),
  minSamplesSplit: number(parameters, "minSamplesSplit"),
  minSamplesLeaf: number(parameters, "minSamplesLeaf"),
});
