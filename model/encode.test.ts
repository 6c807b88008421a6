import fc from "fast-check";
import { expect, it } from "vitest";
import { missingCode, numberCoder } from "./encode.ts";

/** Few edges and many, close together and far apart, near the largest numbers and the smallest. */
const edgesOf = fc
  .uniqueArray(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true, noDefaultInfinity: true })), {
    maxLength: 254,
    selector: (edge) => edge + 0,
  })
  .map((edges) => Float64Array.from(edges).toSorted());

it("counts the edges that are smaller than a number, the number itself among them or not", () => {
  fc.assert(
    fc.property(edgesOf, fc.double(), (edges, other) => {
      const code = numberCoder(edges);
      for (const x of [...edges, other, -Number.MAX_VALUE, Number.MAX_VALUE]) {
        const expected = Number.isNaN(x) ? missingCode : edges.filter((edge) => edge < x).length;
        expect(code(x)).toBe(expected);
      }
    }),
  );
});

it("counts edges that are as far apart as numbers can be, and as close", () => {
  for (const list of [[-Number.MAX_VALUE, 0, Number.MAX_VALUE], [0, Number.MIN_VALUE], [1], []]) {
    const edges = Float64Array.from(list);
    const code = numberCoder(edges);
    for (const x of [...list, -1, 1, 0.5, -Number.MAX_VALUE, Number.MAX_VALUE, -Number.MIN_VALUE])
      expect(code(x)).toBe(list.filter((edge) => edge < x).length);
  }
});

it("takes what is no number for missing", () => {
  expect(numberCoder(Float64Array.of(1, 2))(NaN)).toBe(missingCode);
});
