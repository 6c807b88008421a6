import fc from "fast-check";
import { expect, it } from "vitest";
import { cholesky, solveLower, solveUpper } from "./cholesky.ts";

it("solves equations by the triangle of a positive definite matrix, whatever stands above its diagonal", () => {
  const entry = fc.integer({ min: -5, max: 5 });
  const systems = fc.integer({ min: 1, max: 9 }).chain((size) =>
    fc.record({
      root: fc.array(entry, { minLength: size * size, maxLength: size * size }),
      wanted: fc.array(entry, { minLength: size, maxLength: size }),
    }),
  );
  fc.assert(
    fc.property(systems, ({ root, wanted }) => {
      const size = wanted.length;
      const matrix = Array.from({ length: size }, (_, i) =>
        wanted.map((_w, j) =>
          wanted.reduce((sum, _v, k) => sum + root[i * size + k]! * root[j * size + k]!, i === j ? 1 : 0),
        ),
      );
      const below = Float64Array.from(matrix.flatMap((row, i) => row.map((value, j) => (j <= i ? value : NaN))));
      const lower = cholesky(below, size)!;
      const solved = Float64Array.from(matrix, (row) => row.reduce((sum, value, j) => sum + value * wanted[j]!, 0));
      solveLower(lower, solved);
      solveUpper(lower, solved);
      wanted.forEach((value, i) => expect(solved[i]).toBeCloseTo(value, 5));
    }),
  );
});

it.each([
  ["not positive definite", [1, 2, 2, 4]],
  ["0", [0, 0, 0, 0]],
  ["no number", [1, 0, NaN, 1]],
  ["infinite on the diagonal", [1, 0, 0, Infinity]],
  ["infinite beside it", [1, 0, Infinity, 1]],
])("has no triangle of a matrix that is %s", (_, matrix) => {
  expect(cholesky(Float64Array.from(matrix), 2)).toBeUndefined();
});
