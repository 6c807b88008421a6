/**
 * A table whose columns are sorted once, before any tree is grown: a row is then a place in each column's order, and
 * the rows of a node are brought into order by their places, which are small integers (node-column.ts).
 */
import type { Matrix } from "../../../model/steps/step.ts";

export interface SortedTable {
  readonly rows: number;
  readonly columns: number;
  /** The row at place `p` of column `c`, at `c * rows + p`; rows of equal numbers follow each other ascending. */
  readonly row: Int32Array;
  /** The place of row `r` in column `c`, at `c * rows + r`. */
  readonly place: Int32Array;
  /** The number at place `p` of column `c`, at `c * rows + p`. */
  readonly value: Float64Array;
}

export function sortedTable({ rows, columns, values }: Matrix): SortedTable {
  const row = new Int32Array(columns * rows);
  const place = new Int32Array(columns * rows);
  const value = new Float64Array(columns * rows);
  const numbers = new Float64Array(rows);
  const spare = new Int32Array(rows);
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) numbers[r] = values[r * columns + c]!;
    const order = row.subarray(c * rows, (c + 1) * rows);
    sortRows(order, numbers, spare);
    for (let p = 0; p < rows; p++) {
      const r = order[p]!;
      place[c * rows + r] = p;
      value[c * rows + p] = numbers[r]!;
    }
  }
  return { rows, columns, row, place, value };
}

const run = 8;

/** Writes all rows to `order`, ascending by number and then by row: runs sorted by insertion, then merged. */
function sortRows(order: Int32Array, numbers: Float64Array, spare: Int32Array): void {
  const rows = order.length;
  for (let r = 0; r < rows; r++) {
    const number = numbers[r]!;
    let at = r;
    for (const first = r - (r % run); at > first && numbers[order[at - 1]!]! > number; at--) order[at] = order[at - 1]!;
    order[at] = r;
  }
  let [from, to] = [order, spare];
  for (let width = run; width < rows; width *= 2) {
    for (let start = 0; start < rows; start += 2 * width) merge(from, to, { start, width, numbers });
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
}

interface Runs {
  /** Where the first of two runs starts. */
  readonly start: number;
  readonly width: number;
  readonly numbers: Float64Array;
}

function merge(from: Int32Array, to: Int32Array, { start, width, numbers }: Runs): void {
  const middle = Math.min(start + width, from.length);
  const end = Math.min(middle + width, from.length);
  let a = start;
  let b = middle;
  for (let at = start; at < end; at++) {
    const takesFirst = b === end || (a < middle && numbers[from[a]!]! <= numbers[from[b]!]!);
    to[at] = from[takesFirst ? a++ : b++]!;
  }
}
