import { describe, expect, it } from "vitest";
import { FeatureDraw, leftKey, rightKey, rootKey } from "./feature-draw.ts";

const columns = Int32Array.of(3, 5, 7, 11);

function drawn(draw: FeatureDraw, key: number, count = columns.length): number[] {
  draw.restart(key);
  return Array.from({ length: count }, () => draw.next());
}

describe("drawing columns for a split", () => {
  it("draws each column once, then no more", () => {
    const draw = new FeatureDraw(columns, 1);
    expect(drawn(draw, 1).toSorted((a, b) => a - b)).toEqual(Array.from(columns));
    expect(draw.next()).toBe(-1);
  });

  it("depends on the node's key alone, not on nodes drawn before", () => {
    const used = new FeatureDraw(columns, 1);
    for (let key = 0; key < 50; key++) drawn(used, key, key % 5);
    expect(drawn(used, 99)).toEqual(drawn(new FeatureDraw(columns, 1), 99));
  });

  it("draws every column first equally often", () => {
    const draw = new FeatureDraw(columns, 1);
    const counts = new Map<number, number>();
    let key = rootKey(1, 2);
    for (let i = 0; i < 8000; i++) {
      key = i % 2 === 0 ? leftKey(key) : rightKey(key);
      const [first] = drawn(draw, key, 1);
      counts.set(first!, (counts.get(first!) ?? 0) + 1);
    }
    // 2000 each; 5 standard deviations are 194.
    for (const column of columns) expect(Math.abs(counts.get(column)! - 2000)).toBeLessThan(194);
  });

  it("gives other keys to other trees, seeds and places", () => {
    const root = rootKey(1, 0);
    const keys = [
      root,
      rootKey(1, 1),
      rootKey(2, 0),
      leftKey(root),
      rightKey(root),
      leftKey(rightKey(root)),
      rightKey(leftKey(root)),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
