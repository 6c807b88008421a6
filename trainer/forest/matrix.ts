/**
 * The training rows as codes, one byte a cell, column by column: what the grower reads from here on. Bins and categories
 * have codes from 0, a missing value is 255, so 254 edges or categories fill the byte.
 */
import { missingCode, numberCode } from "../../model/encode.ts";
import type { ModelColumn } from "../../model/format.ts";
import { maxEdges } from "../../model/header.ts";
import { quantileEdges } from "./edges.ts";
import type { ForestColumn } from "./input.ts";

export interface Matrix {
  readonly rows: number;
  readonly columns: readonly ModelColumn[];
  /** Code of column `c` in training row `r`, at `c * rows + r`. */
  readonly codes: Uint8Array;
  /** Indices of the columns that have more than one code: a column with a single one can split nothing. */
  readonly varying: Int32Array;
}

/** @throws {RangeError} for an infinite number or too many categories, which whoever reads the data has to refuse */
export function codeMatrix(
  columns: readonly ForestColumn[],
  rows: Uint32Array,
  { maxBins = maxEdges + 1 }: { readonly maxBins?: number } = {},
): Matrix {
  const codes = new Uint8Array(columns.length * rows.length);
  const modelColumns = columns.map((column, c) => {
    const ofColumn = codes.subarray(c * rows.length, (c + 1) * rows.length);
    return column.type === "category"
      ? encodeCategories(column, rows, ofColumn)
      : encodeNumbers(column, rows, { codes: ofColumn, maxBins });
  });
  const varies = (c: number): boolean => {
    const column = codes.subarray(c * rows.length, (c + 1) * rows.length);
    return column.some((code) => code !== column[0]);
  };
  const varying = Int32Array.from(columns.keys()).filter(varies);
  return { rows: rows.length, columns: modelColumns, codes, varying };
}

function encodeNumbers(
  column: Extract<ForestColumn, { type: "number" }>,
  rows: Uint32Array,
  { codes, maxBins }: { codes: Uint8Array; maxBins: number },
): ModelColumn {
  const values = Float64Array.from(rows, (row) => column.values[row]!);
  if (values.some((value) => value === Infinity || value === -Infinity))
    throw new RangeError(`column ${column.name} holds an infinite number`);
  const edges = Float64Array.from(quantileEdges(values, maxBins));
  values.forEach((value, i) => {
    codes[i] = numberCode(edges, value);
  });
  return { name: column.name, type: "number", edges: Array.from(edges) };
}

function encodeCategories(
  column: Extract<ForestColumn, { type: "category" }>,
  rows: Uint32Array,
  codes: Uint8Array,
): ModelColumn {
  const { name, categories } = column;
  if (categories.length > maxEdges) throw new RangeError(`column ${name} has more than ${maxEdges} categories`);
  rows.forEach((row, i) => {
    const code = column.codes[row]!;
    codes[i] = code >= 0 && code < categories.length ? code : missingCode;
  });
  return { name, type: "category", categories };
}
