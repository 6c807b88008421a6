import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Matrix } from "../../model/steps/step.ts";
import { type Scorer, scorers } from "../../traintask/search.ts";
import { ConfigurationError } from "../errors.ts";
import { OperatorError, type Target } from "../operators/operator.ts";
import { defaultScorer, requireScore, scorerOf } from "./scorers.ts";

interface Golden {
  readonly classification: { codes: number[]; classes: number; outputs: number[]; scores: Record<Scorer, number> }[];
  readonly regression: { values: number[]; outputs: number[]; scores: Record<Scorer, number> }[];
}
const golden = JSON.parse(readFileSync("test/golden/search.json", "utf8")) as Golden;

const labels = (codes: readonly number[], classes: number): Target => ({
  problemType: "classification",
  codes: Int32Array.from(codes),
  classes,
});
const numbers = (values: readonly number[]): Target => ({
  problemType: "regression",
  values: Float64Array.from(values),
});
const matrix = (values: readonly number[], columns: number): Matrix => ({
  rows: values.length / columns,
  columns,
  values: Float64Array.from(values),
});

describe("the scores of answers", () => {
  const cases = [
    ...golden.classification.map(({ codes, classes, outputs, scores }) => ({
      scores,
      target: labels(codes, classes),
      outputs: matrix(outputs, classes),
    })),
    ...golden.regression.map(({ values, outputs, scores }) => ({
      scores,
      target: numbers(values),
      outputs: matrix(outputs, 1),
    })),
  ];
  const names = [...scorers.classification, ...scorers.regression];
  for (const name of names)
    test(`are scikit-learn's: ${name}`, () => {
      const having = cases.filter(({ scores }) => name in scores);
      expect(having.length).toBeGreaterThan(0);
      for (const { target, outputs, scores } of having)
        expect(scorerOf(name)(target, outputs)).toBeCloseTo(scores[name], 9);
    });

  test("are greater for better answers, whatever their name", () => {
    const truth = labels([0, 1, 0, 1], 2);
    const [good, bad] = [
      matrix([0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6], 2),
      matrix([0.4, 0.6, 0.2, 0.8, 0.7, 0.3, 0.6, 0.4], 2),
    ];
    for (const name of scorers.classification)
      expect(scorerOf(name)(truth, good), name).toBeGreaterThan(scorerOf(name)(truth, bad));
    for (const name of scorers.regression)
      expect(scorerOf(name)(numbers([1, 2, 3]), matrix([1, 2, 4], 1)), name).toBeGreaterThan(
        scorerOf(name)(numbers([1, 2, 3]), matrix([1, 2, 5], 1)),
      );
  });

  test("by default are scikit-learn's for the problem", () => {
    expect(defaultScorer("regression")).toBe("neg_mean_squared_error");
    expect(defaultScorer("classification")).toBe("accuracy");
  });

  test("exist for a fold without a row of some class, but for the areas under curves", () => {
    const outputs = matrix([0.5, 0.3, 0.2, 0.2, 0.3, 0.5], 3);
    for (const name of ["accuracy", "balanced_accuracy", "f1_macro", "neg_log_loss"] as const)
      expect(scorerOf(name)(labels([0, 2], 3), outputs)).toBeLessThanOrEqual(1);
    expect(() => scorerOf("roc_auc_ovr")(labels([0, 2], 3), outputs)).toThrow(
      new OperatorError("roc_auc_ovr needs rows of every class"),
    );
  });

  test("that are not finite are errors", () => {
    expect(() => scorerOf("neg_mean_squared_error")(numbers([1, 2]), matrix([1e200, 1], 1))).toThrow(
      new OperatorError("neg_mean_squared_error is not finite"),
    );
  });

  test("are for their own problem", () => {
    expect(() => scorerOf("r2")(labels([0], 2), matrix([1, 0], 2))).toThrow(TypeError);
    expect(() => scorerOf("accuracy")(numbers([1]), matrix([1], 1))).toThrow(TypeError);
  });
});

describe("a score that these rows cannot have", () => {
  const two = labels([0, 1, 0, 1], 2);
  const three = labels([0, 1, 2, 0, 1, 2], 3);
  const both = [Int32Array.of(0, 1), Int32Array.of(2, 3)];

  test("is refused before the search: one curve of three classes", () => {
    expect(() => requireScore("roc_auc", three, [])).toThrow(ConfigurationError);
    expect(() => requireScore("roc_auc", three, [])).toThrow("roc_auc is for two classes, and there are 3.");
  });

  test("is refused before the search: a curve in a fold without some class", () => {
    const sorted = [Int32Array.of(0, 2), Int32Array.of(1, 3)];
    expect(() => requireScore("roc_auc", two, sorted)).toThrow("roc_auc needs rows of every class in every fold.");
    expect(() => requireScore("roc_auc_ovr", two, sorted)).toThrow("roc_auc_ovr needs rows of every class");
  });

  test("leaves all others alone", () => {
    requireScore("roc_auc", two, both);
    requireScore("roc_auc_ovr", three, [Int32Array.of(0, 1, 2), Int32Array.of(3, 4, 5)]);
    requireScore("accuracy", three, [Int32Array.of(0), Int32Array.of(1, 2, 3, 4, 5)]);
    requireScore("r2", numbers([1, 2]), [Int32Array.of(0), Int32Array.of(1)]);
  });
});
