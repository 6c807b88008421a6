/**
 * SHA-256 over rows as JSON arrays of texts, one a line, made from the bytes of the cells: unlike the bytes of a file, it
 * does not depend on how cells are separated and quoted, or on how lines end.
 */
import { createHash } from "node:crypto";
import type { CsvRow } from "./csv-scanner.ts";

const [newline, quote, comma, open, close] = [0x0a, 0x22, 0x2c, 0x5b, 0x5d];
const longestEscape = 6;

/** What JSON writes for a byte; one byte for all but quote, backslash and control characters. */
const written = Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)) : Buffer.of(byte),
);
const isPlain = Uint8Array.from(written, ({ length }) => (length === 1 ? 1 : 0));

export class RowDigest {
  readonly #hash = createHash("sha256");
  #pending = Buffer.alloc(1 << 16);
  #length = 0;

  add({ bytes, starts, ends, cells }: CsvRow): void {
    for (let cell = 0; cell < cells; cell++) {
      const start = starts[cell]!;
      const end = ends[cell]!;
      if (this.#length + (end - start) * longestEscape + 5 > this.#pending.length) this.#flush(end - start);
      const pending = this.#pending;
      let at = this.#length;
      pending[at++] = cell === 0 ? open : comma;
      pending[at++] = quote;
      for (let from = start; from < end; from++) {
        const byte = bytes[from]!;
        if (isPlain[byte] === 1) pending[at++] = byte;
        else at += written[byte]!.copy(pending, at);
      }
      pending[at++] = quote;
      this.#length = at;
    }
    this.#pending[this.#length++] = close;
    this.#pending[this.#length++] = newline;
  }

  /** `sha256:<hex>` */
  finish(): string {
    this.#flush(0);
    return `sha256:${this.#hash.digest("hex")}`;
  }

  /** Makes room for a cell of so many bytes. */
  #flush(cellBytes: number): void {
    this.#hash.update(this.#pending.subarray(0, this.#length));
    this.#length = 0;
    const wanted = cellBytes * longestEscape + 5;
    if (wanted > this.#pending.length) this.#pending = Buffer.alloc(wanted);
  }
}
