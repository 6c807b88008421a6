/**
 * A few operators for tests of the search itself: their kinds, problems and parameters are like the real ones', and none
 * of them learns anything.
 */
import type { Operator } from "../operators/operator.ts";
import type { OperatorTable } from "./pipeline.ts";

const classification = ["classification"] as const;
const regression = ["regression"] as const;
const both = ["classification", "regression"] as const;

type Parts = Pick<Operator, "kind" | "problemTypes" | "parameters" | "onlyFor"> & { readonly members?: number };

function operator({ members, ...parts }: Parts): Operator {
  const fit = (): object => ({});
  if (members === undefined) return { ...parts, fit };
  return { ...parts, fit, growing: { parameter: "nEstimators", members, extend: fit } };
}

export const pretendedOperators: OperatorTable = {
  standardScaler: operator({ kind: "transformer", problemTypes: both, parameters: {} }),
  normalizer: operator({ kind: "transformer", problemTypes: both, parameters: { norm: ["l2", "l1", "max"] } }),
  pca: operator({ kind: "transformer", problemTypes: both, parameters: { components: [0.9, 0.5, 1e-7] } }),
  polynomialFeatures: operator({
    kind: "transformer",
    problemTypes: both,
    parameters: { degree: [2], includeBias: [false, true] },
  }),
  ridge: operator({ kind: "predictor", problemTypes: regression, parameters: { alpha: [1, 0.1, 10] } }),
  elasticNet: operator({
    kind: "predictor",
    problemTypes: regression,
    parameters: { l1Ratio: [0.5, 0, 1], tol: [1e-4, 1e-5] },
  }),
  gaussianNb: operator({ kind: "predictor", problemTypes: classification, parameters: {} }),
  kNeighbors: operator({
    kind: "predictor",
    problemTypes: both,
    parameters: { nNeighbors: [5, 1, 25], weights: ["uniform", "distance"], p: [2, 1] },
  }),
  randomForest: operator({
    kind: "predictor",
    problemTypes: both,
    parameters: { nEstimators: [100], criterion: ["gini", "entropy"], maxFeatures: [1, 0.5], bootstrap: [true, false] },
    onlyFor: { criterion: "classification" },
    members: 100,
  }),
  gradientBoosting: operator({
    kind: "predictor",
    problemTypes: both,
    parameters: { nEstimators: [100], learningRate: [0.1, 0.5], subsample: [1, 0.5] },
    members: 100,
  }),
};
