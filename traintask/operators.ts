/**
 * Operators that a search may put into a pipeline, by scikit-learn's words. Each has a line in trainer/operators/table.ts
 * (how it is fitted) and in model/steps/table.ts (how it is applied).
 */
export const operatorNames = [
  // Transformers.
  "standardScaler",
  "minMaxScaler",
  "maxAbsScaler",
  "robustScaler",
  "normalizer",
  "pca",
  "polynomialFeatures",
  "oneHotEncoder",
  "varianceThreshold",
  "selectPercentile",
  "selectFwe",
  "selectFromModel",
  "rfe",
  // Predictors.
  "ridge",
  "lasso",
  "elasticNet",
  "logisticRegression",
  "kNeighbors",
  "gaussianNb",
  "decisionTree",
  "randomForest",
  "extraTrees",
  "gradientBoosting",
  "adaBoost",
] as const;
export type OperatorName = (typeof operatorNames)[number];
