/**
 * SHA-256 over rows as JSON arrays of texts, one a line, made from the bytes of the cells: unlike the bytes of a file, it
 * does not depend on how cells are separated and quoted, or on how lines end.
 */
import { createHash } from "node:crypto";
import { type CsvRow, viewOf } from "./csv-row.ts";

const [newline, quote, comma, open, close] = [0x0a, 0x22, 0x2c, 0x5b, 0x5d];
const longestEscape = 6;

/** What JSON writes for a byte; one byte for all but quote, backslash and control characters. */
const written = Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)) : Buffer.of(byte),
);

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
    const { starts, ends, cells } = row;
    for (let cell = 0; cell < cells; cell++) {
      const length = ends[cell]! - starts[cell]!;
      if (this.#length + length * longestEscape + 8 > this.#pending.length) this.#flush(length);
      this.#pending[this.#length++] = cell === 0 ? open : comma;
      this.#pending[this.#length++] = quote;
      this.#length = this.#copy(row, cell);
      this.#pending[this.#length++] = quote;
    }
    this.#pending[this.#length++] = close;
    this.#pending[this.#length++] = newline;
  }

  /** `sha256:<hex>` */
  finish(): string {
    this.#flush(0);
    return `sha256:${this.#hash.digest("hex")}`;
  }

  /** Writes a cell, four bytes at a time as long as they need no escape. @returns where it ends */
  #copy({ bytes, view, starts, ends }: CsvRow, cell: number): number {
    const end = ends[cell]!;
    const target = this.#view;
    let at = this.#length;
    let from = starts[cell]!;
    for (; from + 4 <= end; from += 4) {
      const word = view.getInt32(from);
      if (!isPlain(word)) break;
      target.setInt32(at, word);
      at += 4;
    }
    for (; from < end; from++) {
      const text = written[bytes[from]!]!;
      if (text.length === 1) target.setUint8(at++, text[0]!);
      else at += text.copy(this.#pending, at);
    }
    return at;
  }

  /** Makes room for a cell of so many bytes. */
  #flush(cellBytes: number): void {
    this.#hash.update(this.#pending.subarray(0, this.#length));
    this.#length = 0;
    const wanted = cellBytes * longestEscape + 8;
    if (wanted <= this.#pending.length) return;
    this.#pending = Buffer.alloc(wanted);
    this.#view = viewOf(this.#pending);
  }
}
