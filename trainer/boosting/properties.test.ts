import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aBoostingInput, boostedText, grown } from "../../test/builders/boosting.ts";
import { aCategoryColumn, aClassTarget, aNumberColumn, aRegressionTarget } from "../../test/builders/forest.ts";
import { type BoostingInput, prepareBoosting } from "./boosting.ts";

const losses = ["squaredError", "absoluteError", "two", "three"] as const;

/** Tables of two number columns and a category with few values (so with ties) and holes, targets and weights. */
const tables = fc.record({
  loss: fc.constantFrom(...losses),
  weighted: fc.boolean(),
  rows: fc.array(
    fc.record({
      x: fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(NaN)),
      z: fc.double({ noNaN: true, min: -10, max: 10 }),
      c: fc.integer({ min: -1, max: 2 }),
      y: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true, min: -1e3, max: 1e3 })),
      w: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.double({ noNaN: true, min: 0.125, max: 9 })),
    }),
    { minLength: 1, maxLength: 40 },
  ),
});
type Table = typeof tables extends fc.Arbitrary<infer T> ? T : never;

function inputOf({ rows, loss, weighted }: Table): BoostingInput {
  const isNumber = loss === "squaredError" || loss === "absoluteError";
  const classes = loss === "two" ? ["a", "b"] : ["a", "b", "c"];
  const codes = rows.map(({ y }) => Math.abs(Math.floor(y)) % classes.length);
  const columns = [
    aNumberColumn(rows.map(({ x }) => x)),
    aNumberColumn(
      rows.map(({ z }) => z),
      "z",
    ),
    aCategoryColumn(
      rows.map(({ c }) => c),
      ["red", "green", "blue"],
    ),
  ];
  return aBoostingInput({
    columns,
    target: isNumber ? aRegressionTarget(rows.map(({ y }) => y)) : aClassTarget(codes, classes),
    ...(weighted ? { weights: Float64Array.from(rows, ({ w }) => w) } : {}),
    options: { maxLeafNodes: 6, l2Regularization: "0.25", ...(isNumber ? { loss } : {}) },
  });
}

describe("whatever the table, boosting", () => {
  it("changes no byte when rows are permuted with their weights", () => {
    fc.assert(
      fc.property(tables, fc.infiniteStream(fc.nat()), (table, keys) => {
        const order = new Map(table.rows.map((row) => [row, keys.next().value]));
        const permuted = table.rows.toSorted((a, b) => order.get(a)! - order.get(b)!);
        expect(boostedText(inputOf({ ...table, rows: permuted }))).toEqual(boostedText(inputOf(table)));
      }),
    );
  });

  it("changes no byte when a column of one value is added", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const input = inputOf(table);
        const constant = aNumberColumn(
          table.rows.map(() => 7),
          "constant",
        );
        expect(boostedText({ ...input, columns: [...input.columns, constant] })).toEqual(boostedText(input));
      }),
    );
  });

  it("changes no byte of an iteration when a column is scaled by a power of two", () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: -30, max: 30 }), (table, exponent) => {
        const scaled = table.rows.map((row) => ({ ...row, x: row.x * 2 ** exponent }));
        expect(boostedText(inputOf({ ...table, rows: scaled }))).toEqual(boostedText(inputOf(table)));
      }),
    );
  });

  it("changes no byte when rows of weight 0 are added", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const input = inputOf({ ...table, weighted: true });
        const more = inputOf({ ...table, weighted: true, rows: [...table.rows, ...table.rows] });
        const weights = more.weights!.map((w, row) => (row < table.rows.length ? w : 0));
        expect(boostedText({ ...more, weights })).toEqual(boostedText(input));
      }),
    );
  });

  it("goes on with the same bytes after any iteration", () => {
    fc.assert(
      fc.property(tables, fc.nat({ max: 3 }), (table, done) => {
        const whole = boostedText(inputOf(table));
        const boosting = prepareBoosting(inputOf(table));
        for (const line of whole.slice(0, done)) boosting.replay(JSON.parse(line));
        expect(grown(boosting).map((line) => JSON.stringify(line))).toEqual(whole.slice(done));
      }),
    );
  });

  it("writes finite numbers, no -0, and losses that do not rise", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const lines = grown(prepareBoosting(inputOf(table)));
        const numbers = lines.flatMap(({ trees, loss, importance }) => [
          ...trees.flatMap(({ value }) => value),
          ...importance,
          loss.train,
        ]);
        for (const number of numbers) {
          expect(Number.isFinite(number)).toBe(true);
          expect(Object.is(number, -0)).toBe(false);
        }
        lines.slice(1).forEach(({ loss }, i) => {
          const before = lines[i]!.loss.train;
          expect(loss.train).toBeLessThanOrEqual(before + 1e-9 * Math.abs(before));
        });
      }),
    );
  });
});
