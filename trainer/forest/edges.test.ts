import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberCoder } from "../../model/encode.ts";
import { quantileEdges } from "./edges.ts";

const edgesOf = (...values: number[]): number[] => quantileEdges(Float64Array.from(values));
const number = fc.double({ noNaN: true, noDefaultInfinity: true });

describe("edges of a column", () => {
  it("lie in the middle between neighbouring values", () => {
    expect(edgesOf(4, 1, 2, 2)).toEqual([1.5, 3]);
  });

  it("ignore missing values, and are none of a column with a single value or none", () => {
    expect(edgesOf(NaN, 3, NaN, 1)).toEqual([2]);
    expect(edgesOf(7, 7, NaN)).toEqual([]);
    expect(edgesOf(NaN)).toEqual([]);
    expect(edgesOf()).toEqual([]);
  });

  it("take -0 for 0", () => {
    expect(edgesOf(-0, 0)).toEqual([]);
    expect(Object.is(edgesOf(-0, 5e-324)[0], 0)).toBe(true);
  });

  it("separate neighbouring doubles, and the largest ones", () => {
    for (const [a, b] of [
      [1, 1 + Number.EPSILON],
      [-1.7e308, 1.7e308],
      [0, 5e-324],
      [-5e-324, 0],
    ] as const) {
      const edges = edgesOf(a, b);
      expect(edges).toHaveLength(1);
      expect([a, b].map(numberCoder(edges))).toEqual([0, 1]);
    }
  });

  it("are all boundaries while there are at most 255 distinct values", () => {
    const distinct = Array.from({ length: 255 }, (_, i) => i * i);
    expect(edgesOf(...distinct, ...distinct)).toHaveLength(254);
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), (values) => {
        expect(edgesOf(...values)).toHaveLength(Math.max(0, new Set(values.map((x) => x + 0)).size - 1));
      }),
    );
  });

  it("do not depend on the order of rows", () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 600 }), (values) => {
        expect(edgesOf(...values.toReversed())).toEqual(edgesOf(...values));
      }),
    );
  });

  it("ascend, at most 254, and leave no value between a bin and its code", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(number, fc.integer({ min: 0, max: 400 })), { maxLength: 1000 }), (values) => {
        const edges = edgesOf(...values);
        expect(edges.length).toBeLessThanOrEqual(254);
        edges.forEach((edge, i) => expect(i === 0 || edges[i - 1]! < edge).toBe(true));
        const code = numberCoder(edges);
        for (const x of values) expect(edges.filter((edge) => edge < x)).toHaveLength(code(x));
      }),
      { numRuns: 50 },
    );
  });

  it("give bins of about equally many rows to many distinct values", () => {
    const values = Float64Array.from({ length: 10_000 }, (_, i) => Math.exp(i / 500));
    const edges = quantileEdges(values);
    const counts = new Uint32Array(255);
    values.map(numberCoder(edges)).forEach((code) => counts[code]!++);
    expect(edges).toHaveLength(254);
    expect(Math.max(...counts)).toBeLessThanOrEqual(40);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(39);
  });

  it("keep their resolution beside a value that fills most of the rows", () => {
    const values = Float64Array.from({ length: 10_000 }, (_, i) => (i < 9000 ? 0 : i));
    expect(quantileEdges(values)).toHaveLength(254);
  });
});
