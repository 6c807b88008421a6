import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scaleTarget } from "./scale.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const scaled = (values: readonly number[], weight = values.length): ReturnType<typeof scaleTarget> =>
  scaleTarget(Float64Array.from(values), weight);

describe("targets as integers", () => {
  it("are integers whose sums, at any weight, stay exact", () => {
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 1e7 }),
        (values, weight) => {
          for (const integer of scaled(values, weight).values) {
            expect(Number.isInteger(integer)).toBe(true);
            expect(Math.abs(integer) * weight).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
          }
        },
      ),
    );
  });

  it("give back decimal numbers exactly, and the nearest double to their mean", () => {
    const cents = fc.integer({ min: -1e7, max: 1e7 }).map((n) => n / 100);
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 50 }), (values) => {
        const target = scaled(values);
        target.values.forEach((integer, i) => expect(target.mean(integer, 1) + 0).toBe(values[i]! + 0));
        const sum = target.values.reduce((total, integer) => total + integer, 0);
        const total = values.reduce((cent, value) => cent + Math.round(value * 100), 0);
        expect(target.mean(sum, values.length)).toBe(total / (values.length * 100));
      }),
    );
  });

  it("give back other numbers within 2^-40 of their range, and means never outside of it", () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 50 }), (values) => {
        const [min, max] = [Math.min(...values), Math.max(...values)];
        const target = scaled(values);
        target.values.forEach((integer, i) => {
          const value = target.mean(integer, 1);
          expect(Math.abs(value / 2 - values[i]! / 2)).toBeLessThanOrEqual((max / 2 - min / 2) * 2 ** -40 + 1e-300);
          expect(value >= min && value <= max).toBe(true);
        });
      }),
    );
  });

  it("are centred, so that a large offset costs no precision", () => {
    expect(Array.from(scaled([1_000_000_001, 1_000_000_003]).values)).toEqual([-1, 1]);
    const shifted = scaled([1e6 + 1 / 3, 1e6 + 2 / 3]).values;
    expect(shifted[0]).toBe(-shifted[1]!);
  });

  it("are refused where one is missing or infinite", () => {
    expect(() => scaled([1, NaN])).toThrow(RangeError);
    expect(() => scaled([1, Infinity])).toThrow(RangeError);
  });
});
