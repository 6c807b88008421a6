/** What the scanner and those who read its rows share. */

/** A row as places in a buffer: cell `i` is `bytes` from `starts[i]` to `ends[i]`. It is valid until the next is asked for. */
export interface CsvRow {
  readonly bytes: Buffer;
  /** The same bytes. */
  readonly view: DataView;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly cells: number;
  /** Data row, counted from 1; 0 is the header. */
  readonly row: number;
  /** Line of the file on which the row ends, counted from 1. */
  readonly line: number;
}

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
