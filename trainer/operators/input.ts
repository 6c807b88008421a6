/**
 * How the first step of every pipeline is fitted: what each column's missing values are filled with, and which categories
 * become columns of their own (model/steps/input.ts). No search chooses it, so it stands in no table of operators.
 */
import type { FittedInput, FittedInputColumn } from "../../model/steps/input.ts";
import type { Matrix } from "../../model/steps/step.ts";

/** What a raw column holds: numbers, or codes from 0 to categories - 1; NaN where a value is missing. */
export type InputColumn = { readonly type: "number" } | { readonly type: "category"; readonly categories: number };

/** A category with more values than this stays one column: its code. */
const maxOneHot = 10;

/**
 * Median of each number column, as scikit-learn's SimpleImputer has it; 0 where every value is missing.
 * @param columns one for each column of the matrix
 */
export function fitInput(raw: Matrix, columns: readonly InputColumn[]): FittedInput {
  return { columns: columns.map((column, index) => fitColumn(raw, column, index)) };
}

function fitColumn(raw: Matrix, column: InputColumn, index: number): FittedInputColumn {
  if (column.type === "number") return { fill: median(present(raw, index)) };
  // Of a column without any value there is nothing to tell apart.
  if (column.categories > 0 && column.categories <= maxOneHot) return { oneHot: column.categories };
  return { fill: column.categories };
}

function present({ rows, columns, values }: Matrix, column: number): Float64Array {
  const found = new Float64Array(rows);
  let count = 0;
  for (let at = column; at < values.length; at += columns) if (!Number.isNaN(values[at])) found[count++] = values[at]!;
  return found.subarray(0, count);
}

function median(values: Float64Array): number {
  if (values.length === 0) return 0;
  values.sort();
  const middle = values.length >> 1;
  if (values.length % 2 === 1) return values[middle]!;
  // Halved first: the sum of two large numbers may pass what a double holds.
  return values[middle - 1]! / 2 + values[middle]! / 2;
}
