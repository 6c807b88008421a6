import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logLoss, rocAuc } from "./probability-scores.ts";

/** Rows of two classes with the share of the second one, in eighths: ties are frequent. */
const rows = fc.array(fc.tuple(fc.nat(1), fc.nat(8)), { minLength: 1, maxLength: 40 });
const tableOf = (pairs: readonly (readonly [number, number])[]) => ({
  truth: pairs.map(([label]) => label),
  probabilities: Float64Array.from(pairs.flatMap(([, eighths]) => [1 - eighths / 8, eighths / 8])),
});

describe("the area under the ROC curve", () => {
  test("is the share of pairs in the right order, ties being half a pair", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const { truth, probabilities } = tableOf(pairs);
        const shares = (wanted: number) => pairs.filter(([label]) => label === wanted).map(([, share]) => share);
        const won = shares(1).flatMap((ours) =>
          shares(0).map((other): number => (ours > other ? 1 : ours === other ? 0.5 : 0)),
        );
        const expected = won.length === 0 ? undefined : won.reduce((sum, one) => sum + one, 0) / won.length;
        const area = rocAuc(truth, probabilities, 2);
        expect(area === undefined).toBe(expected === undefined);
        if (expected !== undefined) expect(area).toBeCloseTo(expected, 12);
      }),
    );
  });

  test("does not depend on the order of the rows, by a bit", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const forwards = tableOf(pairs);
        const backwards = tableOf(pairs.toReversed());
        expect(rocAuc(backwards.truth, backwards.probabilities, 2)).toBe(
          rocAuc(forwards.truth, forwards.probabilities, 2),
        );
      }),
    );
  });

  test("does not exist where one of many classes has no row", () => {
    const certain = Float64Array.of(1, 0, 0, 0, 1, 0);
    expect(rocAuc([0, 1], certain, 3)).toBeUndefined();
    expect(rocAuc([0, 1, 2], Float64Array.of(...certain, 0, 0, 1), 3)).toBe(1);
  });
});

test("the log loss of what was held impossible is finite", () => {
  expect(logLoss([1], Float64Array.of(1, 0), 2)).toBeCloseTo(52 * Math.LN2, 9);
  expect(logLoss([0], Float64Array.of(1, 0), 2)).toBeCloseTo(0, 12);
});
