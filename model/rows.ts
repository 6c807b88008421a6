/**
 * Rows as a person has them become tables that trees can walk, row by row: a byte a cell for trees with bins, a number a
 * cell for trees with thresholds.
 */
import { columnEncoder, columnReader } from "./encode.ts";
import type { ModelColumn } from "./format.ts";

/** A row as a person has it: null is a missing value, columns that the model does not know are ignored. */
export type Row = Readonly<Record<string, unknown>>;

/** A row that the model cannot take: a column that is absent, a value that is no number where one is needed, or too large a number. */
export class RowError extends Error {
  /** 0-based index among the rows given. */
  readonly row: number;
  /** Undefined where no single column is at fault. */
  readonly column: string | undefined;
  constructor(message: string, { row, column }: { row: number; column?: string | undefined }) {
    super(message);
    this.name = "RowError";
    this.row = row;
    this.column = column;
  }
}

export interface RowEncoder {
  /** Codes as in encode.ts. @throws {RowError} for the first row that the model cannot take */
  codes(rows: readonly Row[]): Uint8Array;
  /** Numbers as they are, categories by their code, NaN for missing. @throws {RowError} like `codes` */
  values(rows: readonly Row[]): Float64Array;
}

export function rowEncoder(columns: readonly ModelColumn[]): RowEncoder {
  const encoders = columns.map(columnEncoder);
  const readers = columns.map(columnReader);
  return {
    codes(rows) {
      const into = new Uint8Array(rows.length * columns.length);
      fill(rows, { columns, read: encoders, into });
      return into;
    },
    values(rows) {
      const into = new Float64Array(rows.length * columns.length);
      fill(rows, { columns, read: readers, into });
      return into;
    },
  };
}

interface Filling {
  readonly columns: readonly ModelColumn[];
  /** What a cell becomes, by column; undefined where the value cannot stand there. */
  readonly read: readonly ((value: unknown) => number | undefined)[];
  readonly into: Uint8Array | Float64Array;
}

function fill(rows: readonly Row[], { columns, read, into }: Filling): void {
  let at = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    for (let c = 0; c < columns.length; c++) {
      const { name } = columns[c]!;
      const number = Object.hasOwn(row, name) ? read[c]!(row[name]) : undefined;
      if (number === undefined) throw rowError(row, columns[c]!, index);
      into[at++] = number;
    }
  }
}

function rowError(row: Row, { name, type }: ModelColumn, index: number): RowError {
  const isMissing = !Object.hasOwn(row, name) || row[name] === undefined;
  const what = isMissing
    ? "is missing; write null for an unknown value"
    : `takes a ${type === "number" ? type : "text"}`;
  return new RowError(`column ${JSON.stringify(name)} ${what}`, { row: index, column: name });
}
