/** What the scanner and those who read its rows share. */
import type { PlainRow } from "./plain-row.ts";

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
  /** The same row, with what else is known of it, if it was read in one pass. */
  readonly plain?: PlainRow | undefined;
}

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

export function twice(places: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(places.length * 2);
  grown.set(places);
  return grown;
}
