/**
 * What counts as missing is written down twice, since model/ imports nothing and data/ does not know models: in a table that
 * is read, and in a value to predict from. Both must mean the same, or a model would be asked other questions than it was taught.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { isMissing, toNumber } from "../data/cell.ts";
import { maxCategories, missingCode as missingInTables } from "../data/column.ts";
import { columnEncoder, missingCode } from "../model/encode.ts";
import { maxEdges } from "../model/header.ts";

const numberOf = columnEncoder({ name: "x", type: "number", edges: [] });

const cells = fc.oneof(
  fc.constantFrom("", "NA", "NaN", "null", "None", "na", "N/A", "nan", "NULL", "none", "-", "?", " ", " NA "),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);

it("a text is missing to a model exactly when it is missing in a table", () => {
  fc.assert(
    fc.property(cells, (cell) => {
      expect(numberOf(cell) === missingCode).toBe(isMissing(cell));
    }),
  );
});

it("a text is a number to a model exactly when it is one in a table", () => {
  fc.assert(
    fc.property(cells, (cell) => {
      if (isMissing(cell)) return;
      expect(numberOf(cell) !== undefined).toBe(Number.isFinite(toNumber(cell)));
    }),
  );
});

it("codes of missing values and the most categories are the same", () => {
  expect(missingInTables).toBe(missingCode);
  expect(maxCategories).toBe(maxEdges);
});
