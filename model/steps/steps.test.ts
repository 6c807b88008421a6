/** A step's part of a model file may have been written by anyone: what it needs is proven before it is applied. */
import { describe, expect, it } from "vitest";
import { LineError } from "../errors.ts";
import { steps } from "./table.ts";

const scaler = { offset: [0, 0], scale: [1, 2] };
const nb = {
  classes: [0, 2],
  priors: [0.5, 0.5],
  means: [
    [0, 0],
    [1, 1],
  ],
  variances: [
    [1, 1],
    [1, 1],
  ],
};
const logistic = {
  classes: [0, 1, 2],
  coefficients: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  intercepts: [0, 0, 0],
};
const neighbors = {
  nNeighbors: 2,
  weights: "uniform",
  p: 2,
  rows: [
    [0, 0],
    [1, 1],
  ],
  targets: [0, 2],
};
const oneHot = { encoded: [{ column: 1, values: [0, 1], others: false }] };

/** For two columns and three classes. */
const good: Readonly<Record<string, object>> = {
  minMaxScaler: scaler,
  normalizer: { norm: "l1" },
  pca: { mean: [0, 0], directions: [[1, 0]] },
  polynomialFeatures: {},
  oneHotEncoder: oneHot,
  varianceThreshold: { kept: [1] },
  logisticRegression: logistic,
  gaussianNb: nb,
  kNeighbors: neighbors,
};

const bad: readonly (readonly [step: string, change: object, complaint: string])[] = [
  ["minMaxScaler", { scale: [1] }, "scale has 1 entries"],
  ["minMaxScaler", { scale: [1, 0] }, "scale has a 0"],
  ["normalizer", { norm: "toString" }, "norm must be one of l1, l2, max"],
  ["pca", { mean: [0] }, "mean has 1 entries where 2 are needed"],
  ["pca", { directions: [[1, 0], [1]] }, "directions[1] has 1 entries where 2 are needed"],
  ["pca", { directions: [[1, null]] }, "directions[0][1] must be a finite number"],
  ["pca", { directions: [] }, "directions must not be empty"],
  ["oneHotEncoder", { encoded: [{ ...oneHot.encoded[0], column: 2 }] }, "column must be an integer from 0 to 1"],
  ["oneHotEncoder", { encoded: [...oneHot.encoded, ...oneHot.encoded] }, "encoded must ascend"],
  ["oneHotEncoder", { encoded: [{ ...oneHot.encoded[0], values: [] }] }, "column 1 becomes no column"],
  ["oneHotEncoder", { encoded: [{ ...oneHot.encoded[0], others: 1 }] }, "others must be true or false"],
  ["varianceThreshold", { kept: [] }, "kept must not be empty"],
  ["varianceThreshold", { kept: [2] }, "kept[0] must be an integer from 0 to 1"],
  ["varianceThreshold", { kept: [1, 1] }, "kept must ascend"],
  ["logisticRegression", { classes: [0, 1] }, "coefficients must hold 1 lists"],
  ["logisticRegression", { classes: [0, 1, 3] }, "classes[2] must be an integer from 0 to 2"],
  ["logisticRegression", { classes: [1, 0, 2] }, "classes must ascend"],
  ["logisticRegression", { intercepts: [0] }, "intercepts has 1 entries where 3 are needed"],
  ["gaussianNb", { classes: [] }, "classes must not be empty"],
  ["gaussianNb", { means: [[0, 0]] }, "means and variances must hold 2 lists"],
  ["gaussianNb", { priors: [0, 1] }, "priors must be above 0"],
  [
    "gaussianNb",
    {
      variances: [
        [1, 1],
        [1, 0],
      ],
    },
    "variances must be above 0",
  ],
  ["kNeighbors", { nNeighbors: 3 }, "nNeighbors must be an integer from 1 to 2"],
  ["kNeighbors", { p: 3 }, "p must be an integer from 1 to 2"],
  ["kNeighbors", { weights: "none" }, "weights must be uniform or distance"],
  ["kNeighbors", { targets: [0] }, "targets must hold 2 numbers"],
  ["kNeighbors", { targets: [0, 3] }, "targets[1] must be an integer from 0 to 2"],
];

const shape = { columns: 2, classes: 3 };

describe("a step of a model file", () => {
  it.each(Object.entries(good))("%s is read", (name, fitted) => {
    expect(() => steps[name]!.read(fitted, shape)).not.toThrow();
  });
  it.each(Object.keys(good))("%s is a JSON object", (name) => {
    expect(() => steps[name]!.read([], shape)).toThrow(LineError);
  });
  it.each(bad)("%s is refused with %j: %s", (name, change, complaint) => {
    const read = (): unknown => steps[name]!.read({ ...good[name], ...change }, shape);
    expect(read).toThrow(LineError);
    expect(read).toThrow(complaint);
  });
  it("does not tell a class where the target is a number, nor a number where it is a class", () => {
    const asNumber = { columns: 2, classes: undefined };
    for (const name of ["logisticRegression", "gaussianNb"])
      expect(() => steps[name]!.read(good[name], asNumber)).toThrow("the target is a number");
    const linear = { coefficients: [1, 2], intercept: 0 };
    expect(() => steps["ridge"]!.read(linear, asNumber)).not.toThrow();
    expect(() => steps["ridge"]!.read(linear, shape)).toThrow("the target is a class");
    expect(() => steps["ridge"]!.read({ coefficients: [1, 2] }, asNumber)).toThrow("intercept[0] must be a finite");
  });
});
