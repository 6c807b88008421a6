/** Data that cannot be trained on (failure class BadData): the message says where and what to do about it. */

export interface DataPosition {
  /** Data row, counted from 1; the header is not one. */
  readonly row?: number;
  /** Line of the file on which the row ends, counted from 1. */
  readonly line?: number;
  readonly column?: string;
}

export class DataError extends Error {
  override readonly name = "DataError";
  readonly position: DataPosition;

  constructor(what: string, position: DataPosition = {}, options?: ErrorOptions) {
    super(where(position) + what, options);
    this.position = position;
  }

  /** The same error again from its whole message, on the other side of a thread or a file. */
  static restored(message: string, position: DataPosition): DataError {
    const error = new DataError(message);
    return Object.assign(error, { position });
  }
}

function where({ row, line, column }: DataPosition): string {
  const parts = [
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(line === undefined ? [] : [row === undefined ? `line ${line}` : `(line ${line})`]),
  ].join(" ");
  const all = [...(parts === "" ? [] : [parts]), ...(column === undefined ? [] : [`column ${quoted(column)}`])];
  return all.length === 0 ? "" : `${all.join(", ")}: `;
}

/** Where a cell of a row stands. */
export function cellPosition(
  { row, line }: { readonly row: number; readonly line: number },
  column: string,
): DataPosition {
  return { row, line, column };
}

/** A value from the data for use in a message: in quotes, control characters escaped, cut to a readable length. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
