/**
 * The training rows as codes, one byte a cell, column by column: what the growers read from here on. Bins and categories
 * have codes from 0, a missing value is 255, so 254 edges or categories fill the byte. The codes lie in shared memory, so
 * a matrix is handed to another thread without a copy.
 */
import { missingCode, numberCoder } from "../../model/encode.ts";
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
  /** The same codes row after row, for who reads several columns of a few rows: code of column `c` at `r * columns + c`. */
  readonly byRow?: Uint8Array;
}

/**
 * @param maxBins of a number column, from 2 to 255
 * @throws {RangeError} for an infinite number or too many categories, which whoever reads the data has to refuse
 */
export function codeMatrix(
  columns: readonly ForestColumn[],
  rows: Uint32Array,
  { maxBins = maxEdges + 1 }: { readonly maxBins?: number } = {},
): Matrix {
  const codes = new Uint8Array(new SharedArrayBuffer(columns.length * rows.length));
  const scratch = new Float64Array(rows.length);
  const modelColumns = columns.map((column, c) => {
    const ofColumn = codes.subarray(c * rows.length, (c + 1) * rows.length);
    if (column.type === "category") return encodeCategories(column, rows, ofColumn);
    return encodeNumbers(column, { rows, codes: ofColumn, maxBins, scratch });
  });
  const varies = (c: number): boolean => {
    const column = codes.subarray(c * rows.length, (c + 1) * rows.length);
    return column.some((code) => code !== column[0]);
  };
  const varying = Int32Array.from(columns.keys()).filter(varies);
  const lacks = (c: number): boolean => codes.subarray(c * rows.length, (c + 1) * rows.length).includes(missingCode);
  const marked = modelColumns.map((column, c) => (lacks(c) ? { ...column, missing: true as const } : column));
  return { rows: rows.length, columns: marked, codes, varying };
}

type OfType<T extends ForestColumn["type"]> = Extract<ForestColumn, { type: T }>;

interface Encoding {
  readonly rows: Uint32Array;
  readonly codes: Uint8Array;
  readonly maxBins: number;
  /** As long as rows; its contents are nothing to anyone. */
  readonly scratch: Float64Array;
}

function encodeNumbers({ name, values }: OfType<"number">, { rows, codes, maxBins, scratch }: Encoding): ModelColumn {
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (value === Infinity || value === -Infinity) throw new RangeError(`column ${name} holds an infinite number`);
    scratch[i] = value;
  }
  const edges = quantileEdges(scratch, maxBins);
  const code = numberCoder(edges);
  for (let i = 0; i < rows.length; i++) codes[i] = code(values[rows[i]!]!);
  return { name, type: "number", edges };
}

function encodeCategories(
  { name, categories, codes: known }: OfType<"category">,
  rows: Uint32Array,
  codes: Uint8Array,
) {
  if (categories.length > maxEdges) throw new RangeError(`column ${name} has more than ${maxEdges} categories`);
  rows.forEach((row, i) => {
    const code = known[row]!;
    codes[i] = code >= 0 && code < categories.length ? code : missingCode;
  });
  return { name, type: "category", categories } as const;
}

/** With the codes row after row as well. In tiles, which fit a cache whichever way they are read. */
export function withRows(matrix: Matrix): Matrix {
  const { rows, columns, codes } = matrix;
  const width = columns.length;
  const byRow = new Uint8Array(new SharedArrayBuffer(codes.length));
  for (let tile = 0; tile < rows; tile += 64) {
    const end = Math.min(rows, tile + 64);
    for (let c = 0; c < width; c++) for (let r = tile; r < end; r++) byRow[r * width + c] = codes[c * rows + r]!;
  }
  return { ...matrix, byRow };
}
