/** A CSV table as rows to predict from, read by the columns that the model knows. */
import { isMissing, toNumber } from "./cell.ts";
import { type CsvOptions, type CsvSource, readCsv, type RowPosition } from "./csv.ts";
import { DataError, quoted } from "./error.ts";
import { noSuchColumn } from "./kind.ts";

/** A row by column name; null is a missing value. Own properties only, `__proto__` among them if a column is called so. */
export type Row = Readonly<Record<string, number | string | null>>;

export interface RowColumn {
  readonly name: string;
  readonly type: "number" | "category";
}

export interface RowOptions extends CsvOptions {
  /** The model's columns; others in the table are skipped. */
  readonly columns: readonly RowColumn[];
}

/**
 * Reads rows one by one.
 * @param onRow gets each row in order
 * @returns how many there were
 * @throws DataError when a column is missing from the table, or a cell of a number column is not a finite number
 */
export async function readRows(
  source: CsvSource,
  { columns, ...options }: RowOptions,
  onRow: (row: Row) => void,
): Promise<number> {
  const decimal = options.format?.decimal;
  let cells: { column: RowColumn; index: number }[] = [];
  return readCsv(
    source,
    {
      header(names) {
        cells = columns.map((column) => ({ column, index: names.indexOf(column.name) }));
        const absent = cells.find(({ index }) => index < 0);
        if (absent !== undefined)
          throw new DataError(`The model needs it, and ${noSuchColumn(absent.column.name, names)}`);
      },
      row(row, position) {
        const value = (cell: string, column: RowColumn): Row[string] => read(cell, { column, position, decimal });
        onRow(Object.fromEntries(cells.map(({ column, index }) => [column.name, value(row[index]!, column)])));
      },
    },
    options,
  );
}

/** All rows of a table at once: see readRows. */
export async function parseRows(source: CsvSource, options: RowOptions): Promise<Row[]> {
  const rows: Row[] = [];
  await readRows(source, options, (row) => rows.push(row));
  return rows;
}

type Place = { column: RowColumn; position: RowPosition; decimal: string | undefined };

function read(cell: string, { column, position, decimal }: Place): number | string | null {
  if (isMissing(cell)) return null;
  if (column.type === "category") return cell;
  const value = toNumber(cell, decimal);
  if (value === undefined || !Number.isFinite(value)) {
    throw new DataError(`${quoted(cell)} is not a finite number.`, { ...position, column: column.name });
  }
  return value;
}
