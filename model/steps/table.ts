/** The steps that a model file may name, beside trainer/operators/table.ts, which says how each is fitted. */
import { adaBoost } from "./ada-boost.ts";
import { forest } from "./forest.ts";
import { gaussianNb } from "./gaussian-nb.ts";
import { gradientBoosting } from "./gradient-boosting.ts";
import { kNeighbors } from "./k-neighbors.ts";
import { linearRegressor } from "./linear-regressor.ts";
import { logisticRegression } from "./logistic-regression.ts";
import { normalizer } from "./normalizer.ts";
import { oneHotEncoder } from "./one-hot-encoder.ts";
import { polynomialFeatures } from "./polynomial-features.ts";
import { projection } from "./projection.ts";
import { selection } from "./selection.ts";
import { standardScaler } from "./standard-scaler.ts";
import type { Step } from "./step.ts";

export const steps: Readonly<Record<string, Step>> = {
  // Transformers.
  standardScaler,
  minMaxScaler: standardScaler,
  maxAbsScaler: standardScaler,
  robustScaler: standardScaler,
  normalizer,
  pca: projection,
  polynomialFeatures,
  oneHotEncoder,
  varianceThreshold: selection,
  selectPercentile: selection,
  selectFwe: selection,
  selectFromModel: selection,
  rfe: selection,
  // Predictors.
  ridge: linearRegressor,
  lasso: linearRegressor,
  elasticNet: linearRegressor,
  logisticRegression,
  kNeighbors,
  gaussianNb,
  decisionTree: forest,
  randomForest: forest,
  extraTrees: forest,
  gradientBoosting,
  adaBoost,
};
