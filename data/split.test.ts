import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitRows } from "./split.ts";
import type { Target } from "./target.ts";

const classes = (codes: readonly number[]): Target => ({
  name: "y",
  problemType: "classification",
  classes: Array.from({ length: Math.max(...codes) + 1 }, (_, i) => `c${i}`),
  codes: Uint16Array.from(codes),
});
const numbers = (values: readonly number[]): Target => ({
  name: "y",
  problemType: "regression",
  values: Float64Array.from(values),
});
const targets = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 80 }).map(classes),
  fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 80 }).map(numbers),
);

describe("splitRows", () => {
  test("puts each row in exactly one part, in ascending order", () => {
    fc.assert(
      fc.property(targets, fc.integer({ min: 0, max: 999_999 }), fc.nat(), (target, millionths, seed) => {
        const testFraction = `0.${String(millionths).padStart(6, "0")}`;
        const { train, test: held } = splitRows(target, { testFraction, seed });
        const rows = target.problemType === "classification" ? target.codes.length : target.values.length;
        expect([...train, ...held].toSorted((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
        expect(Array.from(train)).toEqual([...train].toSorted((a, b) => a - b));
        expect(Array.from(held)).toEqual([...held].toSorted((a, b) => a - b));
        expect(held.length).toBeLessThanOrEqual(Math.round((rows * millionths) / 1e6));
      }),
    );
  });

  test("keeps all rows for training when the fraction is 0", () => {
    expect(splitRows(classes([0, 1, 0]), { testFraction: "0", seed: 1 }).test).toHaveLength(0);
  });

  test("takes from each class its share", () => {
    const codes = Array.from({ length: 200 }, (_, row) => (row < 100 ? 0 : row < 160 ? 1 : 2));
    const { test: held } = splitRows(classes(codes), { testFraction: "0.25", seed: 3 });
    const counts = [0, 0, 0];
    for (const row of held) counts[codes[row]!]! += 1;
    expect(counts).toEqual([25, 15, 10]);
  });

  test("takes from each tenth of a number's order its share", () => {
    const values = Array.from({ length: 100 }, (_, row) => (row * 37) % 100);
    const { test: held } = splitRows(numbers(values), { testFraction: "0.2", seed: 3 });
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const row of held) tenths[Math.floor(values[row]! / 10)]! += 1;
    expect(tenths).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
  });

  test("leaves a row of each class to train on, however large the fraction", () => {
    const { train } = splitRows(classes([0, 0, 0, 0, 0, 1, 2]), { testFraction: "0.999", seed: 3 });
    expect(train).toHaveLength(3);
  });

  test("is the same for the same seed and another for another", () => {
    const target = classes(Array.from({ length: 60 }, (_, row) => row % 3));
    const held = (seed: number): string => splitRows(target, { testFraction: "0.5", seed }).test.join();
    expect(held(1)).toBe(held(1));
    expect(new Set([1, 2, 3, 4, 5].map(held)).size).toBe(5);
  });

  test("gives each row of a class the same chance", () => {
    const target = classes([0, 0, 0, 0, 1]);
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 4000; seed++) {
      for (const row of splitRows(target, { testFraction: "0.2", seed }).test) counts[row]! += 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
