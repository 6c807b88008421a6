/** PCA, one-hot columns and products, where they decide; their numbers are in golden.test.ts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aFitInput, answersOf, parametersOf } from "../../test/builders/operators.ts";
import { OperatorError } from "./operator.ts";
import { operators } from "./table.ts";

describe("pca", () => {
  const fit = (rows: number[][], components: number): { mean: number[]; directions: number[][] } =>
    operators.pca.fit(aFitInput(rows), { components }) as { mean: number[]; directions: number[][] };
  /** Variances 9, 1 and 0. */
  const flat = [-1, 1].flatMap((a) => [-1, 1].map((b) => [3 * a, b, 5]));

  it("has the direction of most variance first, its greatest part positive", () => {
    const { mean, directions } = fit(flat, 1);
    expect(mean).toEqual([0, 0, 5]);
    expect(directions).toHaveLength(2);
    [1, 0, 0].forEach((part, c) => expect(directions[0]![c]).toBeCloseTo(part, 12));
    [0, 1, 0].forEach((part, c) => expect(directions[1]![c]).toBeCloseTo(part, 12));
  });
  it("keeps the share of the variance that it is asked for", () => {
    expect(fit(flat, 0.95).directions).toHaveLength(2);
    expect(fit(flat, 0.8).directions).toHaveLength(1);
  });
  it("keeps distances where it keeps all", () => {
    const rows = Array.from({ length: 9 }, (_, row) => [row % 4, (row * row) % 7, row]);
    const rotated = answersOf("pca", aFitInput(rows));
    const distance = (of: number[][], i: number, k: number): number =>
      Math.hypot(...of[i]!.map((value, c) => value - of[k]![c]!));
    for (let i = 1; i < rows.length; i++) expect(distance(rotated, 0, i)).toBeCloseTo(distance(rows, 0, i), 9);
  });
  it("makes no more directions than rows leave room for", () => {
    const rows = Array.from({ length: 4 }, (_, row) => Array.from({ length: 9 }, (_c, c) => (row * 5 + c * c) % 7));
    expect(fit(rows, 1).directions).toHaveLength(3);
  });
  it("refuses columns that are all constant", () => {
    const constant = Array.from({ length: 30 }, () => [0.1, 7]);
    expect(() => fit(constant, 1)).toThrow("all columns are constant");
    expect(() => fit([[1, 2]], 1)).toThrow(OperatorError);
  });
});

describe("oneHotEncoder", () => {
  const encoded = (values: number[], minimumFraction = 0.05): unknown =>
    operators.oneHotEncoder.fit(aFitInput(values.map((value) => [value])), { minimumFraction });

  it("encodes integers of at most ten values, in their order", () => {
    const values = [3, -1, 2, 3];
    expect(encoded(values)).toEqual({ encoded: [{ column: 0, values: [-1, 2, 3], others: false }] });
    expect(encoded(Array.from({ length: 20 }, (_, row) => row % 10))).toMatchObject({ encoded: [{ column: 0 }] });
  });
  it.each([
    ["more than ten values", Array.from({ length: 22 }, (_, row) => row % 11)],
    ["fractions", [1, 2, 2.5, 1]],
  ])("leaves a column with %s alone", (_, values) => {
    expect(encoded(values)).toEqual({ encoded: [] });
  });
  it("puts values together that have less than their share of the rows", () => {
    const values = [1, 1, 1, 1, 1, 1, 2, 2, 3, 4];
    expect(encoded(values, 0.2)).toEqual({ encoded: [{ column: 0, values: [1, 2], others: true }] });
    expect(encoded(values, 0.25)).toEqual({ encoded: [{ column: 0, values: [1], others: true }] });
  });
  it("takes both zeros for one value", () => {
    expect(encoded([0, -0, 1])).toEqual({ encoded: [{ column: 0, values: [0, 1], others: false }] });
    expect(answersOf("oneHotEncoder", aFitInput([[0], [-0], [1]]))).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });
  it("makes each row of a column it was fitted on hold one 1", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1 }), (values) => {
        for (const row of answersOf("oneHotEncoder", aFitInput(values.map((value) => [value]))))
          expect(row.filter((x) => x === 1)).toHaveLength(1);
      }),
    );
  });
});

describe("polynomialFeatures", () => {
  it("refuses numbers whose squares are infinite", () => {
    const fit = (value: number): object => operators.polynomialFeatures.fit(aFitInput([[1, value]]), {});
    expect(() => fit(-1e155)).toThrow("is not finite");
    expect(fit(1e150)).toEqual({});
  });
  it("says how much memory its columns take", () => {
    const shape = { rows: 1000, columns: 50, classes: undefined };
    const parameters = parametersOf("polynomialFeatures");
    expect(operators.polynomialFeatures.bytes!(shape, parameters)).toBe(1000 * (50 + 1275) * 8);
  });
});
