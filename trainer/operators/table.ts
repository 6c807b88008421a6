/**
 * The operators of a search. To add one: its name in traintask/operators.ts, a file in each
 * of trainer/operators/ and model/steps/, and a line in the table of each.
 */
import type { OperatorName } from "../../traintask/operators.ts";
import { adaBoost } from "./ada-boost.ts";
import { decisionTree } from "./decision-tree.ts";
import { elasticNet } from "./elastic-net.ts";
import { extraTrees } from "./extra-trees.ts";
import { gaussianNb } from "./gaussian-nb.ts";
import { gradientBoosting } from "./gradient-boosting.ts";
import { kNeighbors } from "./k-neighbors.ts";
import { lasso } from "./lasso.ts";
import { logisticRegression } from "./logistic-regression.ts";
import { maxAbsScaler } from "./max-abs-scaler.ts";
import { minMaxScaler } from "./min-max-scaler.ts";
import { normalizer } from "./normalizer.ts";
import { oneHotEncoder } from "./one-hot-encoder.ts";
import type { Operator } from "./operator.ts";
import { pca } from "./pca.ts";
import { polynomialFeatures } from "./polynomial-features.ts";
import { randomForest } from "./random-forest.ts";
import { rfe } from "./rfe.ts";
import { ridge } from "./ridge.ts";
import { robustScaler } from "./robust-scaler.ts";
import { selectFromModel } from "./select-from-model.ts";
import { selectFwe } from "./select-fwe.ts";
import { selectPercentile } from "./select-percentile.ts";
import { standardScaler } from "./standard-scaler.ts";
import { varianceThreshold } from "./variance-threshold.ts";

export const operators: Readonly<Record<OperatorName, Operator>> = {
  // Transformers.
  standardScaler,
  minMaxScaler,
  maxAbsScaler,
  robustScaler,
  normalizer,
  pca,
  polynomialFeatures,
  oneHotEncoder,
  varianceThreshold,
  selectPercentile,
  selectFwe,
  selectFromModel,
  rfe,
  // Predictors.
  ridge,
  lasso,
  elasticNet,
  logisticRegression,
  kNeighbors,
  gaussianNb,
  decisionTree,
  randomForest,
  extraTrees,
  gradientBoosting,
  adaBoost,
};
