import { describe, expect, it } from "vitest";
import { aClassTarget, aForestInput, aNumberColumn, aRegressionTarget } from "../../test/builders/forest.ts";
import { type ForestInput, prepareForest } from "./forest.ts";
import { columnsPerSplit, ForestOptionError, rowsPerTree } from "./options.ts";

describe("columns per split", () => {
  const cases: Record<string, { maxFeatures?: string; columns: number; count: number }> = {
    "sqrt rounds down": { maxFeatures: "sqrt", columns: 15, count: 3 },
    "log2 rounds down": { maxFeatures: "log2", columns: 15, count: 3 },
    "all is all": { maxFeatures: "all", columns: 15, count: 15 },
    "a number is itself": { maxFeatures: "5", columns: 15, count: 5 },
    "a number beyond the columns is all of them": { maxFeatures: "99", columns: 15, count: 15 },
    "a share rounds down": { maxFeatures: "30%", columns: 15, count: 4 },
    "a small share is one column": { maxFeatures: "1%", columns: 15, count: 1 },
    "log2 of one column is one": { maxFeatures: "log2", columns: 1, count: 1 },
  };
  it.each(Object.entries(cases))("%s", (_, { maxFeatures, columns, count }) => {
    expect(columnsPerSplit(maxFeatures, { columns, problemType: "regression" })).toBe(count);
  });

  it("are the square root for classes and all for numbers by default", () => {
    expect(columnsPerSplit(undefined, { columns: 16, problemType: "classification" })).toBe(4);
    expect(columnsPerSplit(undefined, { columns: 16, problemType: "regression" })).toBe(16);
  });
});

describe("rows per tree", () => {
  it("are all rows, a number or a share of them, at least one", () => {
    expect(rowsPerTree(undefined, 150)).toBe(150);
    expect(rowsPerTree("20", 150)).toBe(20);
    expect(rowsPerTree("50%", 151)).toBe(76);
    expect(rowsPerTree("1%", 10)).toBe(1);
  });

  it("may not be more than there are", () => {
    expect(() => rowsPerTree("151", 150)).toThrow(ForestOptionError);
    expect(() => rowsPerTree("151", 150)).toThrow("maxSamples: 151 rows cannot be drawn, there are 150");
  });
});

describe("an option that makes no sense is refused by its name", () => {
  const columns = [aNumberColumn([1, 2, 3, 4])];
  const regression = aForestInput({ columns });
  const classes = aForestInput({ columns, target: aClassTarget([0, 1, 1, 0]) });
  type Options = Partial<ForestInput["options"]>;
  const cases: Record<string, { input?: ForestInput; options: Options; field: string; says: string }> = {
    "another engine": { options: { engine: "ml-random-forest" }, field: "engine", says: "does not grow here" },
    "no tree": { options: { nEstimators: 0 }, field: "nEstimators", says: "at least 1, not 0" },
    "half a tree": { options: { nEstimators: 1.5 }, field: "nEstimators", says: "whole number" },
    "no depth": { options: { maxDepth: 0 }, field: "maxDepth", says: "at least 1" },
    "a split of one row": { options: { minSamplesSplit: 1 }, field: "minSamplesSplit", says: "at least 2" },
    "a leaf of no row": { options: { minSamplesLeaf: 0 }, field: "minSamplesLeaf", says: "at least 1" },
    "a leaf of NaN rows": { options: { minSamplesLeaf: NaN }, field: "minSamplesLeaf", says: "not NaN" },
    "one leaf": { options: { maxLeafNodes: 1 }, field: "maxLeafNodes", says: "at least 2" },
    "a negative decrease": { options: { minImpurityDecrease: "-1" }, field: "minImpurityDecrease", says: '"-1"' },
    "a decrease that is no number": { options: { minImpurityDecrease: "" }, field: "minImpurityDecrease", says: '""' },
    "an infinite decrease": { options: { minImpurityDecrease: "1e999" }, field: "minImpurityDecrease", says: "1e999" },
    "no column": { options: { maxFeatures: "0" }, field: "maxFeatures", says: "at least 1, not 0" },
    "unknown columns": { options: { maxFeatures: "most" }, field: "maxFeatures", says: "whole number" },
    "more than all columns": { options: { maxFeatures: "101%" }, field: "maxFeatures", says: "more than all" },
    "more rows than there are": {
      options: { bootstrap: true, maxSamples: "5" },
      field: "maxSamples",
      says: "there are 4",
    },
    "more than all rows": {
      options: { bootstrap: true, maxSamples: "200%" },
      field: "maxSamples",
      says: "more than all",
    },
    "no row": { options: { bootstrap: true, maxSamples: "0" }, field: "maxSamples", says: "at least 1" },
    "a draw of rows without bootstrap": { options: { maxSamples: "2" }, field: "maxSamples", says: "needs bootstrap" },
    "gini for numbers": { options: { criterion: "gini" }, field: "criterion", says: "squaredError or poisson" },
    "entropy for numbers": { options: { criterion: "entropy" }, field: "criterion", says: "not for regression" },
    "squared error for classes": {
      input: classes,
      options: { criterion: "squaredError" },
      field: "criterion",
      says: "gini or entropy",
    },
    "poisson for classes": {
      input: classes,
      options: { criterion: "poisson" },
      field: "criterion",
      says: "not for classification",
    },
    "poisson for a negative target": {
      input: aForestInput({ columns, target: aRegressionTarget([1, 2, -0.5, 3]) }),
      options: { criterion: "poisson" },
      field: "criterion",
      says: "one is -0.5",
    },
    "poisson for nothing but zeros": {
      input: aForestInput({ columns, target: aRegressionTarget([0, 0, 0, 0]) }),
      options: { criterion: "poisson" },
      field: "criterion",
      says: "all are 0",
    },
    "class weights of numbers": { options: { classWeight: "balanced" }, field: "classWeight", says: "no classes" },
    "named class weights of numbers": {
      options: { classWeights: [{ label: "no", weight: "2" }] },
      field: "classWeights",
      says: "no classes",
    },
    "a class that is not there": {
      input: classes,
      options: { classWeights: [{ label: "maybe", weight: "2" }] },
      field: "classWeights",
      says: '"maybe" is no class',
    },
    "a class named twice": {
      input: classes,
      options: {
        classWeights: [
          { label: "no", weight: "2" },
          { label: "no", weight: "3" },
        ],
      },
      field: "classWeights",
      says: "twice",
    },
    "a weight that is no number": {
      input: classes,
      options: { classWeights: [{ label: "no", weight: "heavy" }] },
      field: 'classWeights of label "no"',
      says: '"heavy"',
    },
    "classes that all weigh nothing": {
      input: classes,
      options: {
        classWeights: [
          { label: "no", weight: "0" },
          { label: "yes", weight: "0" },
        ],
      },
      field: "classWeights",
      says: "weighs 0",
    },
    "two kinds of class weights": {
      input: classes,
      options: { classWeight: "balanced", classWeights: [{ label: "no", weight: "2" }] },
      field: "classWeights",
      says: "not both",
    },
    "a subsample without a draw": {
      input: classes,
      options: { classWeight: "balancedSubsample" },
      field: "classWeight",
      says: "needs bootstrap",
    },
  };
  it.each(Object.entries(cases))("%s", (_, { input = regression, options, field, says }) => {
    const refused = (): unknown => prepareForest({ ...input, options: { ...input.options, ...options } });
    expect(refused).toThrow(ForestOptionError);
    expect(refused).toThrow(`${field}: `);
    expect(refused).toThrow(says);
  });
});
