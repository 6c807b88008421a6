/**
 * SHA-256 over rows as JSON arrays of texts, one a line, made from the bytes of the cells: unlike the bytes of a file, it
 * does not depend on how cells are separated and quoted, or on how lines end.
 */
import { createHash } from "node:crypto";
import { type CsvRow, viewOf } from "./csv-row.ts";
import type { PlainRow } from "./plain-row.ts";

const [newline, quote, comma, open, close] = [0x0a, 0x22, 0x2c, 0x5b, 0x5d];
const longestEscape = 6;

/** What JSON writes for a byte; one byte for all but quote, backslash and control characters. */
const written = Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)) : Buffer.of(byte),
);

const plainBytes = Uint8Array.from(written, ({ length }) => (length === 1 ? 1 : 0));

/** Whether all four bytes of a word are above the quote and none is a backslash: then JSON holds them as they are. */
function isPlain(word: number): boolean {
  const other = word ^ 0x5c5c5c5c;
  return ((((word - 0x23232323) & ~word) | ((other - 0x01010101) & ~other)) & 0x80808080) === 0;
}

export class RowDigest {
  readonly #hash = createHash("sha256");
  #pending = Buffer.alloc(1 << 16);
  #view = viewOf(this.#pending);
  #length = 0;

  add(row: CsvRow): void {
    if (row.plain === undefined) this.#addCells(row);
    else this.#addLine(row.plain);
  }

  /** Takes a row as it is to be hashed. */
  #addLine({ json, jsonLength }: PlainRow): void {
    if (this.#length + jsonLength > this.#pending.length) this.#length = this.#flush(this.#length, jsonLength);
    this.#pending.set(json.subarray(0, jsonLength), this.#length);
    this.#length += jsonLength;
  }

  #addCells(row: CsvRow): void {
    const { starts, ends, cells } = row;
    let at = this.#length;
    for (let cell = 0; cell < cells; cell++) {
      const length = ends[cell]! - starts[cell]!;
      if (at + length * longestEscape + 8 > this.#pending.length) at = this.#flush(at, length);
      const view = this.#view;
      view.setUint8(at, cell === 0 ? open : comma);
      view.setUint8(at + 1, quote);
      at = this.#copy(row, cell, at + 2);
      view.setUint8(at, quote);
      at += 1;
    }
    this.#view.setUint8(at, close);
    this.#view.setUint8(at + 1, newline);
    this.#length = at + 2;
  }

  /** `sha256:<hex>` */
  finish(): string {
    this.#flush(this.#length, 0);
    return `sha256:${this.#hash.digest("hex")}`;
  }

  /** Writes a cell to `at`. @returns where it ends */
  #copy({ bytes, view, starts, ends }: CsvRow, cell: number, at: number): number {
    const start = starts[cell]!;
    const end = ends[cell]!;
    const target = this.#view;
    const shift = at - start;
    let from = start;
    for (; from + 4 <= end; from += 4) {
      const word = view.getInt32(from);
      if (!isPlain(word)) return this.#escape(bytes.subarray(start, end), at);
      target.setInt32(from + shift, word);
    }
    for (; from < end; from++) {
      const byte = view.getUint8(from);
      if (plainBytes[byte] === 0) return this.#escape(bytes.subarray(start, end), at);
      target.setUint8(from + shift, byte);
    }
    return end + shift;
  }

  #escape(cell: Uint8Array, begin: number): number {
    let at = begin;
    for (const byte of cell) at += written[byte]!.copy(this.#pending, at);
    return at;
  }

  /** Hashes what is there up to `end` and makes room for a cell of so many bytes. @returns where that may begin */
  #flush(end: number, cellBytes: number): number {
    this.#hash.update(this.#pending.subarray(0, end));
    const wanted = cellBytes * longestEscape + 8;
    if (wanted > this.#pending.length) {
      this.#pending = Buffer.alloc(wanted);
      this.#view = viewOf(this.#pending);
    }
    return 0;
  }
}
