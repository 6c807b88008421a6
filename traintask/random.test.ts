import { describe, expect, test } from "vitest";
import { random } from "./random.ts";

const draws = (count: number, ...name: [number, ...number[]]): number[] => {
  const generator = random(...name);
  return Array.from({ length: count }, () => generator.uint32());
};

describe("random", () => {
  test("draws the same numbers for the same name, on every machine and in every version", () => {
    expect(draws(4, 0)).toEqual([1716919220, 990769639, 3689947730, 379925953]);
    expect(draws(4, 42, 7)).toEqual([1770448046, 557344360, 4199850030, 3492951800]);
  });

  test("gives unrelated generators to names that differ in a seed, an index, their order or their number", () => {
    const names: [number, ...number[]][] = [[0], [1], [2 ** 32], [2 ** 53 - 1], [0, 0], [0, 1], [1, 0], [0, 0, 0]];
    const all = names.flatMap((name) => draws(1000, ...name));
    // 8,000 draws of 2^32: a birthday collision or two is chance, a shared stream would be a thousand.
    expect(new Set(all).size).toBeGreaterThan(all.length - 5);
  });

  test("spreads integers below n evenly, also where n does not divide 2^32", () => {
    for (const n of [1, 2, 3, 7, 10, 100]) {
      const generator = random(3, n);
      const counts = Array.from({ length: n }, () => 0);
      for (let i = 0; i < 10_000 * n; i++) counts[generator.below(n)]! += 1;
      // Chi squared over n-1 degrees of freedom, six standard deviations.
      const chi2 = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
      expect(chi2).toBeLessThan(n - 1 + 6 * Math.sqrt(2 * n));
    }
  });

  test("has no bias below an n near 2^32, where taking the remainder would double the lower third", () => {
    const n = 3 * 2 ** 30;
    const generator = random(5);
    let lower = 0;
    for (let i = 0; i < 30_000; i++) if (generator.below(n) < 2 ** 30) lower += 1;
    expect(Math.abs(lower - 10_000)).toBeLessThan(500);
  });

  test("gives uniform numbers in [0, 1) with mean one half", () => {
    const generator = random(9);
    let sum = 0;
    for (let i = 0; i < 100_000; i++) {
      const x = generator.uniform();
      if (!(x >= 0 && x < 1)) throw new Error(`${x} is outside [0, 1)`);
      sum += x;
    }
    expect(Math.abs(sum / 100_000 - 0.5)).toBeLessThan(0.005);
  });
});
