import { describe, expect, test } from "vitest";
import { input } from "../../model/steps/input.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { fitInput, type InputColumn } from "./input.ts";

const number: InputColumn = { type: "number" };
const category = (categories: number): InputColumn => ({ type: "category", categories });

function column(...values: number[]): Matrix {
  return { rows: values.length, columns: 1, values: Float64Array.from(values) };
}
const fitted = (values: Matrix, ...columns: InputColumn[]): unknown => fitInput(values, columns).columns;

describe("the first step of a pipeline", () => {
  test("fills a missing number with the median of the others", () => {
    expect(fitted(column(9, NaN, 1, 2), number)).toEqual([{ fill: 2 }]);
    expect(fitted(column(9, NaN, 1, 2, 4), number)).toEqual([{ fill: 3 }]);
  });

  test("fills a column without any value with 0", () => {
    expect(fitted(column(NaN, NaN), number)).toEqual([{ fill: 0 }]);
  });

  test("finds a median between numbers whose sum is no number", () => {
    expect(fitted(column(1.5e308, 1.7e308), number)).toEqual([{ fill: 1.6e308 }]);
  });

  test("gives each of at most ten categories a column, and of more the code", () => {
    expect(fitted(column(0, 1), category(10))).toEqual([{ oneHot: 10 }]);
    expect(fitted(column(0, NaN), category(11))).toEqual([{ fill: 11 }]);
    expect(fitted(column(NaN, NaN), category(0))).toEqual([{ fill: 0 }]);
  });

  test("looks at each column by itself, and leaves the rows as they are", () => {
    const raw: Matrix = { rows: 3, columns: 2, values: Float64Array.of(5, 1, NaN, NaN, 1, 0) };
    const before = raw.values.slice();
    const found = fitInput(raw, [number, category(2)]);
    expect(raw.values).toEqual(before);
    const read = input.read(found, { columns: 2, classes: undefined });
    expect([...read.apply(raw).values]).toEqual([5, 0, 1, 3, 0, 0, 1, 1, 0]);
  });
});
