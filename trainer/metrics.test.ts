import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classificationScores, type Metric, regressionScores } from "./metrics.ts";
import { scoresOn } from "./scores.ts";

const byName = (metrics: readonly Metric[]) => Object.fromEntries(metrics.map(({ name, value }) => [name, value]));

describe("classificationScores", () => {
  test("are those of the textbook", () => {
    const { metrics, confusion } = classificationScores([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 2], 3);
    expect(confusion).toEqual([
      [2, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
    const { accuracy, balanced_accuracy: balanced, macro_f1: f1 } = byName(metrics);
    expect(accuracy).toBeCloseTo(4 / 6, 12);
    expect(balanced).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3, 12);
    // Precision of 0: 2/3, of 1: 1/2, of 2: 1.
    expect(f1).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3, 12);
  });

  test("average over the classes that occur", () => {
    const {
      accuracy,
      balanced_accuracy: balanced,
      macro_f1: f1,
    } = byName(classificationScores([1, 1], [1, 1], 3).metrics);
    expect([accuracy, balanced, f1]).toEqual([1, 1, 1]);
  });

  test("lie between 0 and 1, and are 1 for the truth itself", () => {
    const labels = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(labels, (pairs) => {
        const truth = pairs.map(([label]) => label);
        const scores = classificationScores(
          truth,
          pairs.map(([, label]) => label),
          4,
        );
        for (const { value } of scores.metrics) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        for (const { value } of classificationScores(truth, truth, 4).metrics) expect(value).toBe(1);
      }),
    );
  });
});

describe("regressionScores", () => {
  test("are those of the textbook", () => {
    const { metrics, residuals } = regressionScores([1, 2, 3, 4], [1, 2, 4, 2]);
    const { r2, mae, rmse } = byName(metrics);
    expect(r2).toBeCloseTo(1 - 5 / 5, 12);
    expect(mae).toBeCloseTo(3 / 4, 12);
    expect(rmse).toBeCloseTo(Math.sqrt(5 / 4), 12);
    expect(residuals).toEqual({ quantiles: [-1, 0, 0, 0, 2], mean: 0.25 });
  });

  test("have no R2 where the truth is constant", () => {
    expect(byName(regressionScores([5, 5], [4, 6]).metrics)).toEqual({ mae: 1, rmse: 1 });
  });
});

interface Recorded {
  readonly classification: readonly {
    readonly classes: number;
    readonly truth: readonly number[];
    readonly probabilities: readonly number[];
    readonly scores: Readonly<Record<string, number>>;
    readonly confusion: readonly (readonly number[])[];
  }[];
  readonly regression: readonly {
    readonly truth: readonly number[];
    readonly predicted: readonly number[];
    readonly scores: Readonly<Record<string, number>>;
  }[];
}
const recorded = JSON.parse(readFileSync("test/golden/metrics.json", "utf8")) as Recorded;

function expectEqual(metrics: readonly Metric[], expected: Readonly<Record<string, number>>): void {
  expect(metrics.map(({ name }) => name)).toEqual(Object.keys(expected));
  for (const { name, value } of metrics) expect(Math.abs(value / expected[name]! - 1), name).toBeLessThan(1e-9);
}

describe("scores are those of scikit-learn, and no others,", () => {
  test.each(recorded.classification)("of $classes classes", ({ classes, truth, probabilities, scores, confusion }) => {
    const labels = Array.from({ length: classes }, (_, label) => `c${label}`);
    const target = {
      name: "y",
      problemType: "classification",
      classes: labels,
      codes: Uint16Array.from(truth),
    } as const;
    const found = scoresOn(target, Uint32Array.from(truth.keys()), Float64Array.from(probabilities));
    expectEqual(found!.metrics, scores);
    expect(found!.confusion).toEqual(confusion);
  });

  test.each(recorded.regression)("of numbers", ({ truth, predicted, scores }) => {
    const target = { name: "y", problemType: "regression", values: Float64Array.from(truth) } as const;
    const found = scoresOn(target, Uint32Array.from(truth.keys()), Float64Array.from(predicted));
    expectEqual(found!.metrics, scores);
  });
});
