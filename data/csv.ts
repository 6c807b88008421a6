/**
 * A CSV stream as a header and rows, each handed over as soon as it is read, so memory holds one row at a time.
 * RFC 4180 with any mix of line endings; empty lines are skipped, spaces belong to a cell, the encoding is UTF-8.
 * Every way in which the shape of a table can be wrong is found here, with the row and line where it is.
 */
import { type CsvFormat, marksOf } from "./csv-format.ts";
import type { CsvRow } from "./csv-row.ts";
import { CsvScanner } from "./csv-scanner.ts";
import { DataError, quoted } from "./error.ts";
import { Utf8Check } from "./utf8.ts";

export type CsvSource = Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

export interface CsvLimits {
  readonly maxRows: number;
  readonly maxColumns: number;
  /** In UTF-16 code units, as all lengths of texts. */
  readonly maxCellLength: number;
  /** Bounds memory: a quote that is never closed would make one row of the whole file. */
  readonly maxRowBytes: number;
}

export const csvLimits: CsvLimits = {
  maxRows: 100_000_000,
  maxColumns: 10_000,
  maxCellLength: 65_536,
  maxRowBytes: 1 << 23,
};

export interface CsvOptions {
  readonly format?: CsvFormat | undefined;
  readonly limits?: CsvLimits | undefined;
}

export interface RowPosition {
  readonly row: number;
  readonly line: number;
}

/** Called in order: once with the names, then with each row. What they throw ends the reading. */
export interface RowHandler {
  header(names: readonly string[], row: CsvRow): void;
  /** The row is that of a scanner: it is another one after the call. */
  row(row: CsvRow): void;
}

export interface CsvHandler {
  header(names: readonly string[]): void;
  row(cells: readonly string[], position: RowPosition): void;
}

/**
 * Reads a whole CSV stream, each row as places in a buffer.
 * @returns the number of data rows
 * @throws DataError where the table is not well formed, has no header, or passes a limit
 */
export async function scanCsv(source: CsvSource, handler: RowHandler, options: CsvOptions = {}): Promise<number> {
  const { format, limits = csvLimits } = options;
  const scanner = new CsvScanner(marksOf(format), limits.maxRowBytes);
  const check = new Utf8Check();
  let names: readonly string[] | undefined;
  const take = (): void => {
    for (let row = scanner.next(); row !== undefined; row = scanner.next()) {
      if (names === undefined) {
        names = namesIn(row, limits);
        handler.header(names, row);
      } else {
        checkRow(row, names, limits);
        handler.row(row);
      }
    }
  };
  for await (const chunk of source) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    const valid = check.add(bytes);
    scanner.add(bytes.subarray(0, valid));
    take();
    if (valid < bytes.length) throw notUtf8(scanner, take);
  }
  if (!check.end()) throw notUtf8(scanner, take);
  scanner.end();
  take();
  if (names === undefined) throw new DataError("The data is empty: there is not even a header line.");
  if (scanner.row === 0) throw new DataError("The data has a header line and no rows.");
  return scanner.row;
}

/** The wrong character stands in the row behind the last one that is whole. */
function notUtf8(scanner: CsvScanner, take: () => void): DataError {
  scanner.hurry();
  take();
  const what = "The data is not UTF-8 text. Save the table as CSV in UTF-8 and send it again.";
  return new DataError(what, scanner.row < 0 ? { line: 1 } : { row: scanner.row + 1 });
}

/** The same with cells as texts. */
export async function readCsv(source: CsvSource, handler: CsvHandler, options: CsvOptions = {}): Promise<number> {
  return scanCsv(
    source,
    {
      header: (names) => handler.header(names),
      row: (row) => handler.row(cellsOf(row), { row: row.row, line: row.line }),
    },
    options,
  );
}

export function cellText({ bytes, starts, ends }: CsvRow, cell: number): string {
  return bytes.toString("utf8", starts[cell], ends[cell]);
}

function cellsOf(row: CsvRow): string[] {
  return Array.from({ length: row.cells }, (_, cell) => cellText(row, cell));
}

function namesIn(header: CsvRow, limits: CsvLimits): readonly string[] {
  const names = cellsOf(header);
  if (names.length > limits.maxColumns) {
    throw new DataError(`The header names ${names.length} columns; at most ${limits.maxColumns} are taken.`);
  }
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (name.trim() === "") throw new DataError(`The header names no column ${index + 1}: the name is empty.`);
    if (name.length > 256) {
      throw new DataError(`The name of column ${index + 1}, ${quoted(name)}, is longer than 256 characters.`);
    }
    if (seen.has(name)) throw new DataError("The header names this column twice.", { column: name });
    seen.add(name);
  });
  return names;
}

function checkRow(row: CsvRow, names: readonly string[], limits: CsvLimits): void {
  const { cells, starts, ends, line } = row;
  const at = { row: row.row, line };
  if (cells !== names.length) {
    throw new DataError(`${cells} cells where the header names ${names.length} columns.`, at);
  }
  if (row.row > limits.maxRows) throw new DataError(`A table of more than ${limits.maxRows} rows is not taken.`, at);
  if (ends[cells - 1]! - starts[0]! <= limits.maxCellLength) return;
  for (let cell = 0; cell < cells; cell++) {
    if (ends[cell]! - starts[cell]! <= limits.maxCellLength) continue;
    const { length } = cellText(row, cell);
    if (length <= limits.maxCellLength) continue;
    const what = `A cell of ${length} characters; at most ${limits.maxCellLength} are taken.`;
    throw new DataError(what, { ...at, column: names[cell]! });
  }
}
