import fc from "fast-check";
import { expect, it } from "vitest";
import { RowSum, weightedSquares } from "./row-sum.ts";

const small = fc.integer({ min: -3, max: 3 });

it("adds each row as often as it was taken, in one sum after the other", () => {
  const sums = fc.array(fc.array(fc.tuple(fc.nat(4), small), { maxLength: 9 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(small, { minLength: 15, maxLength: 15 }), sums, (values, list) => {
      const rows = new RowSum(9, [3, 15]);
      const [sum, ofRows] = rows.arrays;
      ofRows.set(values);
      for (const taken of list) {
        for (const [row, times] of taken) rows.take(row * 3, times);
        sum.set([1, 2, 3]);
        rows.addTo(sum, ofRows);
        const expected = [1, 2, 3].map((start, c) =>
          taken.reduce((total, [row, times]) => total + times * values[row * 3 + c]!, start),
        );
        // -0 is 0 here.
        expect(Array.from(sum, (value) => value + 0)).toEqual(expected.map((value) => value + 0));
      }
    }),
  );
});

it("squares rows by their weights", () => {
  const x = Float64Array.of(1, 2, 3, 4, 0, 6);
  const squares = weightedSquares({ x, columns: 2 }, Float64Array.of(1, 0, 0.5));
  expect(Array.from(squares)).toEqual([1, 0, 2, 4 + 18]);
});
