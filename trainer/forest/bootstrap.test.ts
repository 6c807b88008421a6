import { describe, expect, it } from "vitest";
import { bootstrapDraw, type BootstrapOptions } from "./bootstrap.ts";

const weights = ({ tree = 0, ...overrides }: Partial<BootstrapOptions & { tree: number }> = {}): number[] =>
  Array.from(bootstrapDraw({ seed: 1, rows: 2000, draws: 2000, ...overrides })(tree));

describe("bootstrap weights", () => {
  it("add up to the draws", () => {
    for (const draws of [1, 500, 2000]) expect(weights({ draws }).reduce((a, b) => a + b, 0)).toBe(draws);
  });

  it("are the same for the same seed and tree, others for others", () => {
    expect(weights()).toEqual(weights());
    expect(weights({ tree: 1 })).not.toEqual(weights());
    expect(weights({ seed: 2 })).not.toEqual(weights());
  });

  it("leave out about 1/e of the rows", () => {
    const out = weights().filter((weight) => weight === 0).length;
    // 736 expected; 5 standard deviations (about 14) either way.
    expect(Math.abs(out - 2000 / Math.E)).toBeLessThan(70);
  });

  it("do not change between versions: a stored tree's rows must be found again", () => {
    expect(weights({ seed: 42, tree: 7, rows: 12, draws: 12 })).toMatchInlineSnapshot(`
      [
        2,
        1,
        1,
        1,
        2,
        1,
        2,
        0,
        1,
        0,
        0,
        1,
      ]
    `);
  });
});
