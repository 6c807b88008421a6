import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Target } from "../operators/operator.ts";
import { folds, foldsBy } from "./folds.ts";

interface Golden {
  readonly classFolds: { codes: number[]; classes: number; cv: number; folds: number[][] }[];
  readonly numberFolds: { rows: number; cv: number; folds: number[][] }[];
}
const golden = JSON.parse(readFileSync("test/golden/search.json", "utf8")) as Golden;

const numbers = (rows: number): Target => ({ problemType: "regression", values: new Float64Array(rows) });
const labels = (codes: readonly number[], classes: number): Target => ({
  problemType: "classification",
  codes: Int32Array.from(codes),
  classes,
});
const plain = (of: readonly Int32Array[]): number[][] => of.map((fold) => Array.from(fold));
const asTheyAre = (): void => {};

describe("folds without shuffling", () => {
  test("are those of scikit-learn's StratifiedKFold", () => {
    for (const { codes, classes, cv, folds: expected } of golden.classFolds)
      expect(plain(foldsBy(labels(codes, classes), cv, asTheyAre))).toEqual(expected);
  });

  test("are those of scikit-learn's KFold", () => {
    for (const { rows, cv, folds: expected } of golden.numberFolds)
      expect(plain(foldsBy(numbers(rows), cv, asTheyAre))).toEqual(expected);
  });
});

describe("folds", () => {
  const targets = fc.oneof(
    fc.integer({ min: 20, max: 80 }).map(numbers),
    fc.array(fc.nat(4), { minLength: 20, maxLength: 80 }).map((codes) => labels(codes, 5)),
  );
  /** Of each fold how many rows it has of each class. */
  const counts = (target: Target, of: readonly Int32Array[]): number[][] =>
    of.map((fold) =>
      target.problemType === "regression"
        ? [fold.length]
        : Array.from({ length: target.classes }, (_, code) => fold.filter((row) => target.codes[row] === code).length),
    );

  test("have each row once, in as many rows of each class as scikit-learn's", () => {
    fc.assert(
      fc.property(targets, fc.integer({ min: 2, max: 20 }), fc.nat(), (target, cv, seed) => {
        const made = folds(target, { cv, seed });
        const rows = counts(target, made)
          .flat()
          .reduce((sum, count) => sum + count, 0);
        expect(
          plain(made)
            .flat()
            .toSorted((a, b) => a - b),
        ).toEqual(Array.from({ length: rows }, (_, row) => row));
        for (const fold of plain(made)) expect(fold).toEqual(fold.toSorted((a, b) => a - b));
        expect(counts(target, made)).toEqual(counts(target, foldsBy(target, cv, asTheyAre)));
      }),
    );
  });

  test("are the same for the same seed, and others for another", () => {
    for (const target of [
      numbers(40),
      labels(
        Array.from({ length: 40 }, (_, row) => row % 3),
        3,
      ),
    ]) {
      const first = folds(target, { cv: 5, seed: 1 });
      expect(folds(target, { cv: 5, seed: 1 })).toEqual(first);
      expect(folds(target, { cv: 5, seed: 2 })).not.toEqual(first);
    }
  });

  test("of a table that is sorted by its target have rows from all of it", () => {
    const [fold] = folds(numbers(1000), { cv: 5, seed: 3 });
    const mean = fold!.reduce((sum, row) => sum + row, 0) / fold!.length;
    expect(Math.abs(mean - 500)).toBeLessThan(100);
  });

  test("put each row into each fold at times", () => {
    const seen = new Set(
      Array.from({ length: 100 }, (_, seed) => folds(numbers(5), { cv: 5, seed }).findIndex((fold) => fold[0] === 0)),
    );
    expect(seen.size).toBe(5);
  });

  test("are refused where there are fewer rows", () => {
    expect(() => folds(numbers(4), { cv: 5, seed: 1 })).toThrow(
      "spec.trainer.search.cv: 5 folds of 4 rows would leave some empty.",
    );
    expect(folds(numbers(5), { cv: 5, seed: 1 })).toHaveLength(5);
  });

  test("leave a rare class out of some", () => {
    const made = folds(labels([0, 0, 0, 0, 0, 0, 0, 1], 2), { cv: 4, seed: 1 });
    expect(made.map((fold) => fold.length)).toEqual([2, 2, 2, 2]);
    expect(made.filter((fold) => fold.includes(7))).toHaveLength(1);
  });
});
