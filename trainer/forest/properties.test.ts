import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aCategoryColumn,
  aClassTarget,
  aForestInput,
  aNumberColumn,
  aRegressionTarget,
} from "../../test/builders/forest.ts";
import { allRows, predictor, text, trees } from "../../test/builders/grown.ts";
import { type ForestInput, prepareForest } from "./forest.ts";

/** Tables of two number columns and a category with few values (so with ties) and holes, and a target. */
const tables = fc
  .array(
    fc.record({
      x: fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(NaN)),
      z: fc.double({ noNaN: true, min: -10, max: 10 }),
      c: fc.integer({ min: -1, max: 2 }),
      y: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true, min: -1e3, max: 1e3 })),
      k: fc.nat({ max: 3 }),
      w: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      classes: fc.boolean(),
      weighted: fc.boolean(),
      maxFeatures: fc.constantFrom("all", "1", "sqrt"),
      splitter: fc.constantFrom("best", "random"),
    }),
  );
type Table = typeof tables extends fc.Arbitrary<infer T> ? T : never;

function inputOf({ rows, classes, weighted, maxFeatures, splitter }: Table): ForestInput {
  return aForestInput({
    columns: [
      aNumberColumn(rows.map((row) => row.x)),
      aNumberColumn(
        rows.map((row) => row.z),
        "z",
      ),
      aCategoryColumn(
        rows.map((row) => row.c),
        ["red", "green", "blue"],
      ),
    ],
    target: classes
      ? aClassTarget(
          rows.map((row) => row.k),
          ["a", "b", "c", "d"],
        )
      : aRegressionTarget(rows.map((row) => row.y)),
    ...(weighted ? { weights: Float64Array.from(rows, ({ w }) => w / 7) } : {}),
    options: { nEstimators: 3, maxFeatures, splitter },
  });
}

describe("whatever the table, a forest", () => {
  it("changes no byte when rows are permuted (without bootstrap)", () => {
    fc.assert(
      fc.property(tables, fc.infiniteStream(fc.nat()), (table, keys) => {
        const order = new Map(table.rows.map((row) => [row, keys.next().value]));
        const permuted = table.rows.toSorted((a, b) => order.get(a)! - order.get(b)!);
        expect(text(inputOf({ ...table, rows: permuted }))).toEqual(text(inputOf(table)));
      }),
    );
  });

  it("changes no byte when a column of one value is added", () => {
    fc.assert(
      fc.property(tables, fc.boolean(), (table, bootstrap) => {
        const plain = inputOf(table);
        const input = { ...plain, options: { ...plain.options, bootstrap } };
        const constant = aNumberColumn(
          table.rows.map(() => 7),
          "constant",
        );
        expect(text({ ...input, columns: [...input.columns, constant] })).toEqual(text(input));
      }),
    );
  });

  it("changes no byte of a tree when a column is scaled by a power of two", () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: -30, max: 30 }), (table, exponent) => {
        const scaled = table.rows.map((row) => ({ ...row, x: row.x * 2 ** exponent }));
        expect(text(inputOf({ ...table, rows: scaled }))).toEqual(text(inputOf(table)));
      }),
    );
  });

  it("predicts within the range of the targets, and probabilities that sum to 1", async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.boolean(), async (table, bootstrap) => {
        const plain = inputOf(table);
        const input = { ...plain, options: { ...plain.options, bootstrap } };
        const ys = table.rows.map((row) => row.y);
        const slack = 1e-12 * Math.max(...ys.map(Math.abs));
        for (const prediction of (await predictor(input)).predict([
          ...allRows(input),
          { x: null, z: 1e9, c: "pink" },
        ])) {
          if ("value" in prediction) {
            expect(prediction.value).toBeGreaterThanOrEqual(Math.min(...ys) - slack);
            expect(prediction.value).toBeLessThanOrEqual(Math.max(...ys) + slack);
          } else {
            const sum = Object.values(prediction.probabilities).reduce((a, b) => a + b, 0);
            expect(sum).toBeCloseTo(1, 12);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("writes lines that its own reader accepts, importances that sum to 1", async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        const input = inputOf(table);
        await predictor(input);
        for (const { importance } of trees(prepareForest(input))) {
          const sum = importance.reduce((total, part, i) => (i % 2 === 1 ? total + part : total), 0);
          expect(importance.length === 0 ? 1 : sum).toBeCloseTo(1, 12);
        }
      }),
      { numRuns: 50 },
    );
  });
});
