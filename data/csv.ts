/**
 * A CSV stream as a header and rows, each handed over as soon as it is read, so memory holds one row at a time.
 * RFC 4180 with any mix of line endings; empty lines are skipped, spaces belong to a cell, the encoding is UTF-8.
 * Every way in which the shape of a table can be wrong is found here, with the row and line where it is.
 */
import { CsvError, parse, type Parser } from "csv-parse";
import { DataError, quoted } from "./error.ts";
import { utf8Check } from "./utf8.ts";

export type CsvSource = Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

export interface CsvLimits {
  readonly maxColumns: number;
  /** In UTF-16 code units, as all lengths here. */
  readonly maxCellLength: number;
  /** Bounds memory: a quote that is never closed would make one row of the whole file. */
  readonly maxRowLength: number;
}

export const csvLimits: CsvLimits = { maxColumns: 10_000, maxCellLength: 65_536, maxRowLength: 1 << 23 };

/** Called in order: once with the names, then with each row. What they throw ends the reading. */
export interface CsvHandler {
  header(names: readonly string[]): void;
  row(cells: readonly string[], position: RowPosition): void;
}

export interface RowPosition {
  readonly row: number;
  readonly line: number;
}

/**
 * Reads a whole CSV stream.
 * @returns the number of data rows
 * @throws DataError where the table is not well formed, has no header, or passes a limit
 */
export async function readCsv(source: CsvSource, handler: CsvHandler, limits: CsvLimits = csvLimits): Promise<number> {
  let names: readonly string[] | undefined;
  let row = 0;
  let lastLine = 0;
  const parser = parse({
    bom: true,
    max_record_size: limits.maxRowLength,
    on_record: (cells: string[], { lines: line }) => {
      lastLine = line;
      if (names === undefined) {
        checkHeader(cells, limits);
        names = cells;
        handler.header(names);
        return null;
      }
      row += 1;
      checkRow(cells, { names, row, line, limits });
      handler.row(cells, { row, line });
      return null;
    },
    // Named, because the parser would otherwise take the first line's ending for that of all lines.
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
  });
  try {
    await feed(parser, source);
  } catch (error) {
    throw error instanceof CsvError ? malformed(error, { row, lastLine, limits }) : error;
  }
  if (names === undefined) throw new DataError("The data is empty: there is not even a header line.");
  if (row === 0) throw new DataError("The data has a header line and no rows.");
  return row;
}

async function feed(parser: Parser, source: CsvSource): Promise<void> {
  const check = utf8Check();
  parser.on("error", () => undefined); // Every error also reaches the callbacks below.
  const settled = (resolve: () => void, reject: (error: Error) => void) => (error?: Error | null) =>
    error ? reject(error) : resolve();
  try {
    for await (const chunk of source) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      check(bytes);
      await new Promise<void>((resolve, reject) => parser.write(bytes, settled(resolve, reject)));
    }
    check();
    await new Promise<void>((resolve, reject) => parser.end(settled(resolve, reject)));
  } finally {
    parser.destroy();
  }
}

function checkHeader(names: readonly string[], limits: CsvLimits): void {
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
}

type RowFacts = RowPosition & { names: readonly string[]; limits: CsvLimits };

function checkRow(cells: readonly string[], { names, row, line, limits }: RowFacts): void {
  if (cells.length !== names.length) {
    throw new DataError(`${cells.length} cells where the header names ${names.length} columns.`, { row, line });
  }
  for (let i = 0; i < cells.length; i++) {
    if (cells[i]!.length > limits.maxCellLength) {
      const what = `A cell of ${cells[i]!.length} characters; at most ${limits.maxCellLength} are taken.`;
      throw new DataError(what, { row, line, column: names[i]! });
    }
  }
}

type Progress = { row: number; lastLine: number; limits: CsvLimits };

/**
 * The parser's own complaints, in our words. It names the line that it had reached, which for a quote that is never
 * closed is the last one of the file: the row begins behind the last good one.
 */
function malformed(error: CsvError, { row, lastLine, limits }: Progress): DataError {
  const position = { row: row + 1, line: lastLine + 1 };
  const words: Partial<Record<CsvError["code"], string>> = {
    CSV_MAX_RECORD_SIZE: `A row of more than ${limits.maxRowLength} characters. Is a quote not closed?`,
    CSV_QUOTE_NOT_CLOSED: "A quoted cell begins here and is never closed.",
    INVALID_OPENING_QUOTE: 'A quote in the middle of a cell. Put the whole cell in quotes and write "" for the quote.',
    CSV_INVALID_CLOSING_QUOTE: 'Text follows a closing quote. Write "" for a quote that belongs to the cell.',
  };
  return new DataError(words[error.code] ?? `Not well-formed CSV: ${error.message}.`, position, { cause: error });
}
