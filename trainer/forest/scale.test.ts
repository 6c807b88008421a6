import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanOf, scaled as integerOf, targetScale, type ScaleOptions } from "./scale.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

interface Scaled {
  readonly values: Float64Array;
  mean(sum: number, weight: number): number;
}
function scaled(
  values: readonly number[],
  { weight = values.length, centre = "middle" }: Partial<ScaleOptions> = {},
): Scaled {
  const target = Float64Array.from(values);
  const scale = targetScale(target, { weight, centre });
  return { values: target.map((y) => integerOf(scale, y, 1)), mean: (sum, of) => meanOf(scale, sum, of) };
}

describe("targets as integers", () => {
  it("are integers whose sums, at any weight, stay exact", () => {
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 1e7 }),
        (values, weight) => {
          for (const integer of scaled(values, { weight }).values) {
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

  it("keep their zero, and so their sign, where that is asked for", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1, max: 1e6, noNaN: true })), {
          minLength: 1,
          maxLength: 50,
        }),
        (values) => {
          const { values: integers } = scaled(values, { centre: "zero" });
          expect(integers.map(Math.sign)).toEqual(Float64Array.from(values, Math.sign));
        },
      ),
    );
  });

  it("stay exact with a weight of each row, which may be large", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(finite, fc.integer({ min: 1, max: 2 ** 31 })), { minLength: 1, maxLength: 50 }),
        (rows) => {
          const target = Float64Array.from(rows, ([y]) => y);
          const heaviest = Math.max(...rows.map(([, weight]) => weight));
          const scale = targetScale(target, { weight: rows.length * heaviest, centre: "middle" });
          const sum = rows.reduce((total, [y, weight]) => total + Math.abs(integerOf(scale, y, weight)), 0);
          expect(sum).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
        },
      ),
    );
  });

  it("are refused where one is missing or infinite", () => {
    expect(() => scaled([1, NaN])).toThrow(RangeError);
    expect(() => scaled([1, Infinity])).toThrow(RangeError);
  });
});
