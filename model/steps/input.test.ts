import { expect, it } from "vitest";
import { LineError } from "../errors.ts";
import { input, type FittedInput } from "./input.ts";

/** @param rows of one number and one category of three, as codes */
function applied(fitted: FittedInput, rows: readonly (readonly number[])[]): number[][] {
  const read = input.read(fitted, { columns: fitted.columns.length, classes: undefined });
  const raw = { rows: rows.length, columns: fitted.columns.length, values: Float64Array.from(rows.flat()) };
  const before = raw.values.slice();
  const { rows: count, columns, values } = read.apply(raw);
  expect([count, columns]).toEqual([rows.length, read.columns]);
  expect(raw.values).toEqual(before);
  return Array.from({ length: count }, (_, row) => Array.from(values.subarray(row * columns, (row + 1) * columns)));
}

it("passes numbers as they are and puts the fill where one is missing", () => {
  expect(applied({ columns: [{ fill: 2.5 }] }, [[7], [NaN], [-0.5]])).toEqual([[7], [2.5], [-0.5]]);
});

it("makes a column of each category, all 0 where it is missing or unknown", () => {
  const fitted = { columns: [{ fill: 0 }, { oneHot: 3 }, { oneHot: 2 }] };
  expect(
    applied(fitted, [
      [1, 0, 1],
      [2, 2, NaN],
      [3, NaN, 0],
      [4, 3, 1],
    ]),
  ).toEqual([
    [1, 1, 0, 0, 0, 1],
    [2, 0, 0, 1, 0, 0],
    [3, 0, 0, 0, 1, 0],
    [4, 0, 0, 0, 0, 1],
  ]);
});

it.each([
  ["no columns", {}, /columns must be a list/],
  ["too few columns", { columns: [{ fill: 1 }] }, /columns has 1 entries for 2 columns/],
  [
    "a fill that is none",
    { columns: [{ fill: 1 }, { fill: "1" }] },
    /columns\[1\] has neither oneHot nor a finite fill/,
  ],
  ["a width of 0", { columns: [{ fill: 1 }, { oneHot: 0 }] }, /oneHot must be an integer from 1 to 254/],
  ["a width without end", { columns: [{ oneHot: 1e9 }, { fill: 1 }] }, /oneHot must be an integer from 1 to 254/],
])("refuses %s", (_, fitted, says) => {
  const read = (): unknown => input.read(fitted, { columns: 2, classes: undefined });
  expect(read).toThrow(LineError);
  expect(read).toThrow(says);
});
