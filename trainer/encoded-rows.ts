/**
 * Rows of the table as trees ask for them, column by column: codes where trees have bins, numbers where they have
 * thresholds. Either is made when the first tree asks for it, as a model has trees of one kind.
 */
import type { TableColumn } from "../data/column.ts";
import { type CompactTree, leafByThreshold, leafOf } from "../model/compact.ts";
import { missingCode, numberCoder } from "../model/encode.ts";
import type { ModelColumn } from "../model/format.ts";

export interface EncodedRows {
  readonly rows: number;
  /**
   * What the tree compares: codes if it has bins, else numbers and codes of categories, NaN where missing. That of row `i`
   * in column `c` is at `c * rows + i`.
   */
  cells(tree: CompactTree): Uint8Array | Float64Array;
}

/** Answers the leaf of a row. `cells` are those of `rows` rows in the form that the tree compares. */
export function leafFinder(tree: CompactTree, cells: Uint8Array | Float64Array, rows: number): (row: number) => number {
  const place = { stride: rows, at: 0 };
  const at = (row: number): typeof place => {
    place.at = row;
    return place;
  };
  return cells instanceof Uint8Array
    ? (row) => leafOf(tree, cells, at(row))
    : (row) => leafByThreshold(tree, cells, at(row));
}

/**
 * @param columns those of the header
 * @param table those of the table, in the same order
 * @param rows numbers of the rows
 */
export function encodedRows(
  columns: readonly ModelColumn[],
  table: readonly TableColumn[],
  rows: Uint32Array,
): EncodedRows {
  let codes: Uint8Array | undefined;
  let values: Float64Array | undefined;
  function fill<T extends Uint8Array | Float64Array>(into: T, convert: Convert): T {
    for (const [index, column] of columns.entries()) {
      const cell = cellOf(column, table[index]!);
      const converted = convert(column);
      for (let place = 0; place < rows.length; place++)
        into[index * rows.length + place] = converted(cell(rows[place]!));
    }
    return into;
  }
  const size = rows.length * columns.length;
  return {
    rows: rows.length,
    cells(tree) {
      if (tree.thresholds === undefined) return (codes ??= fill(new Uint8Array(size), toCode));
      return (values ??= fill(new Float64Array(size), toValue));
    },
  };
}

/** From a number, or the code of a category, to what trees compare. */
type Convert = (column: ModelColumn) => (cell: number) => number;

const toCode: Convert = (column) => (column.type === "category" ? (code) => code : numberCoder(column.edges));

const toValue: Convert = (column) => (cell) => (column.type === "category" && cell === missingCode ? NaN : cell);

/** A number as it is; of a category the code that the header gives it. */
function cellOf(column: ModelColumn, table: TableColumn): (row: number) => number {
  if (column.type === "number" && table.type === "number") return (row) => table.values[row]!;
  if (column.type === "category" && table.type === "category") {
    // The header may hold fewer or other categories than the table: what it does not know is missing.
    const codeOf = table.categories.map((category) => column.categories.indexOf(category));
    return (row) => {
      const known = codeOf[table.codes[row]!];
      return known === undefined || known < 0 ? missingCode : known;
    };
  }
  throw new TypeError(`column ${column.name} is ${column.type} in the header and ${table.type} in the table`);
}
