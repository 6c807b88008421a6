/** Steps made of trees: what they answer, and which fitted ones are refused. */
import { describe, expect, it } from "vitest";
import { aMatrix, rowsOf } from "../../test/builders/operators.ts";
import { LineError } from "../errors.ts";
import { weightedMedian } from "./ada-boost.ts";
import { steps } from "./table.ts";

const shape = { columns: 2, classes: undefined };
const ofClasses = { columns: 2, classes: 3 };
/** Two stumps, by column 1 and by column 0. */
const stumps = { feature: [1, -1, -1, 0, -1, -1], threshold: [0.5, 2] };
const x = aMatrix([
  [2, 0.5],
  [3, 0.5],
  [2, 0.6],
  [3, 0.6],
]);

const answers = (
  name: string,
  fitted: object,
  of: { columns: number; classes: number | undefined } = shape,
): number[][] => rowsOf(steps[name]!.read(fitted, of).apply(x));

describe("a forest", () => {
  it("is the mean of its trees: a number up to the threshold goes left", () => {
    expect(answers("randomForest", { ...stumps, value: [1, 2, 10, 20] })).toEqual([[5.5], [10.5], [6], [11]]);
  });

  it("of classes is the mean of its leaves' shares", () => {
    const [first, , , last] = answers("extraTrees", { ...stumps, value: [0, [1, 1, 2, 3], 1, 2] }, ofClasses);
    expect(first).toEqual([0.5, 0.5, 0]);
    expect(last).toEqual([0, 0.125, 0.875]);
  });

  it("may be a single leaf", () => {
    expect(answers("decisionTree", { feature: [-1], threshold: [], value: [7] })[0]).toEqual([7]);
  });
});

describe("boosting", () => {
  it("adds steps to where the scores begin", () => {
    const fitted = { ...stumps, value: [1, 2, 10, 20], baseline: [100] };
    expect(answers("gradientBoosting", fitted)).toEqual([[111], [121], [112], [122]]);
  });

  it("of two classes is the second one's logit, and a class that had no rows has probability 0", () => {
    const fitted = { ...stumps, value: [0, 1, 0, 1], baseline: [-1], classes: [0, 2] };
    const p = (logit: number): number => 1 / (1 + Math.exp(-logit));
    const found = answers("gradientBoosting", fitted, ofClasses);
    [-1, 0, 0, 1].forEach((logit, row) => {
      expect(found[row]![0]).toBeCloseTo(1 - p(logit), 12);
      expect(found[row]![1]).toBe(0);
      expect(found[row]![2]).toBeCloseTo(p(logit), 12);
    });
  });

  it("of three classes has a tree for each", () => {
    const fitted = {
      feature: [...stumps.feature, -1],
      threshold: stumps.threshold,
      value: [0, Math.log(2), 0, Math.log(3), 0],
      baseline: [0, 0, 0],
      classes: [0, 1, 2],
    };
    const shares = answers("gradientBoosting", fitted, ofClasses)[3]!;
    [2 / 6, 3 / 6, 1 / 6].forEach((share, k) => expect(shares[k]).toBeCloseTo(share, 12));
  });

  it("of a single class is certain of it", () => {
    const fitted = { feature: [-1], threshold: [], value: [0], baseline: [0], classes: [1] };
    expect(answers("gradientBoosting", fitted, ofClasses)[0]).toEqual([0, 1, 0]);
  });
});

describe("AdaBoost", () => {
  it("of numbers is the weighted median of its trees", () => {
    expect(answers("adaBoost", { ...stumps, value: [1, 2, 10, 20], weight: [1, 2] })).toEqual([[10], [20], [10], [20]]);
    expect(weightedMedian(Float64Array.of(5, 1, 3), Float64Array.of(1, 1, 1))).toBe(3);
    expect(weightedMedian(Float64Array.of(5, 1, 3), Float64Array.of(3, 1, 1))).toBe(5);
    expect(weightedMedian(Float64Array.of(2, 1), Float64Array.of(1, 1))).toBe(1);
  });

  it("of classes is what its trees vote for by their weights", () => {
    const fitted = { ...stumps, value: [0, 1, 1, 1], weight: [1, 3], classes: [0, 2] };
    const found = answers("adaBoost", fitted, ofClasses);
    // Three of four votes are for the second class: twice the difference of the shares is its logit.
    expect(found[0]![2]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(found[0]![1]).toBe(0);
    expect(found[3]![2]).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
  });
});

describe("refused with the field's name", () => {
  const forest = { ...stumps, value: [1, 2, 3, 4] };
  const boosting = { ...forest, baseline: [0] };
  const adaBoost = { ...forest, weight: [1, 1] };
  const cases: Record<string, [string, object, RegExp, (typeof ofClasses | typeof shape)?]> = {
    nothing: ["decisionTree", {}, /feature/],
    "a column that does not exist": ["decisionTree", { ...forest, feature: [2, -1, -1, 0, -1, -1] }, /feature\[0\]/],
    "a threshold that is no number": ["decisionTree", { ...forest, threshold: [0.5, null] }, /threshold\[1\]/],
    "a threshold too few": ["decisionTree", { ...forest, threshold: [0.5] }, /2 splits, threshold has 1/],
    "a leaf too many": ["decisionTree", { ...forest, value: [1, 2, 3, 4, 5] }, /4 leaves, value has 5/],
    "no tree": ["decisionTree", { feature: [], threshold: [], value: [] }, /ends before/],
    "a tree that does not end": [
      "decisionTree",
      { feature: [-1, 0, -1], threshold: [1], value: [1, 2] },
      /ends before/,
    ],
    "a leaf that is no number": ["decisionTree", { ...forest, value: [1, 2, 3, [0, 1]] }, /value\[3\]/],
    "a class that does not exist": ["randomForest", { ...forest, value: [0, 1, 2, 3] }, /value\[3\]/, ofClasses],
    "a share of nothing": ["randomForest", { ...forest, value: [0, 1, 2, [1, 0]] }, /value\[3\]/, ofClasses],
    "scores too many": ["gradientBoosting", { ...boosting, baseline: [0, 0] }, /baseline has 2 scores where 1/],
    "scores for classes that had no rows": [
      "gradientBoosting",
      { ...boosting, baseline: [0, 0, 0], classes: [0, 1] },
      /baseline has 3 scores where 1/,
      ofClasses,
    ],
    "an iteration that lacks a tree": [
      "gradientBoosting",
      { ...boosting, baseline: [0, 0, 0], classes: [0, 1, 2] },
      /2 trees, no multiple of 3/,
      ofClasses,
    ],
    "a step that is no number": ["gradientBoosting", { ...boosting, value: [1, 2, 3, "4"] }, /value\[3\]/],
    "a weight too few": ["adaBoost", { ...adaBoost, weight: [1] }, /weight has 1/],
    "a weight of 0": ["adaBoost", { ...adaBoost, weight: [1, 0] }, /weight/],
    "a vote for a class that had no rows": [
      "adaBoost",
      { ...adaBoost, value: [0, 1, 1, 2], classes: [0, 2] },
      /value\[3\]/,
      ofClasses,
    ],
  };
  it.each(Object.entries(cases))("%s", (_, [name, fitted, message, of = shape]) => {
    const read = (): unknown => steps[name]!.read(fitted, of);
    expect(read).toThrow(LineError);
    expect(read).toThrow(message);
  });
});
