import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextAbove } from "./export.ts";

describe("the next double", () => {
  it("is above its number, with none between", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const next = nextAbove(x);
        expect(next).toBeGreaterThan(x);
        const between = x + (next - x) / 2;
        expect(between === x || between === next || !Number.isFinite(next)).toBe(true);
      }),
    );
    expect(nextAbove(1)).toBe(1 + Number.EPSILON);
    expect(nextAbove(-1)).toBe(-1 + Number.EPSILON / 2);
  });
});
