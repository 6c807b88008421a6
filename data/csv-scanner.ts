/**
 * Finds rows and cells in the bytes of a CSV stream, without a string or an object per cell. Bytes are gathered in one
 * buffer; a row that is not there as a whole is scanned again from its beginning once there are twice as many bytes, so
 * the borders of chunks never show, and the work stays in proportion to the bytes.
 */
import { byteOf, type CsvMarks } from "./csv-format.ts";
import { type CsvRow, twice, viewOf } from "./csv-row.ts";
import { DataError } from "./error.ts";
import { PlainRow } from "./plain-row.ts";

const [lf, cr] = [0x0a, 0x0d];
type Found = "whole row" | "cut off";

export class CsvScanner implements CsvRow {
  bytes = Buffer.alloc(1 << 17);
  view = viewOf(this.bytes);
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  cells = 0;
  row = -1;
  line = 0;
  readonly #plain: PlainRow;
  readonly #marks: CsvMarks;
  readonly #maxRowBytes: number;
  /** Bytes that end a run of text: in a cell as it is, and in a quoted one. */
  readonly #plainEnds = new Uint8Array(256);
  readonly #quotedEnds = new Uint8Array(256);
  /** No byte above a comma ends a run of text. */
  readonly #isFast: boolean;
  /** Behind the last byte; a line feed stands there, so that no run passes it. */
  #filled = 0;
  #begun = false;
  #ended = false;
  /** Where the next row begins, its line, and how many bytes there must be before it is scanned. */
  #begin = 0;
  #beginLine = 1;
  #enough = 0;
  /** Where the scan of the row stands, and its line. */
  #at = 0;
  #line = 1;
  /** Cells of the row in which a quote is written twice. */
  readonly #doubled: number[] = [];

  constructor(marks: CsvMarks, maxRowBytes: number) {
    this.#marks = marks;
    this.#plain = new PlainRow(marks);
    this.#maxRowBytes = maxRowBytes;
    const quote = byteOf(marks.quote);
    this.#isFast = Math.max(quote, byteOf(marks.separator)) <= byteOf(",");
    for (const byte of [quote, byteOf(marks.separator), lf, cr]) this.#plainEnds[byte] = 1;
    for (const byte of [quote, lf, cr]) this.#quotedEnds[byte] = 1;
  }

  /** The next bytes. To be called when `next` finds no more rows: it moves those that are left. */
  add(chunk: Uint8Array): void {
    const left = this.#filled - this.#begin;
    const wanted = left + chunk.length + 1;
    const source = this.bytes;
    if (wanted > source.length) {
      this.bytes = Buffer.alloc(Math.max(wanted, 2 * source.length));
      this.view = viewOf(this.bytes);
    }
    source.copy(this.bytes, 0, this.#begin, this.#filled);
    this.bytes.set(chunk, left);
    this.#begin = 0;
    this.#filled = left + chunk.length;
    this.bytes[this.#filled] = lf;
    this.#plain.forget();
  }

  /** Has the row that is cut off looked for again, however few bytes have come since. */
  hurry(): void {
    this.#enough = 0;
  }

  /** No more bytes will come. */
  end(): void {
    this.#ended = true;
    this.hurry();
  }

  /**
   * The next whole row, if there is one: this object, or one that was read in one pass.
   * @throws DataError where the bytes are no CSV
   */
  next(): CsvRow | undefined {
    if (this.#filled - this.#begin < this.#enough || !this.#skipMark()) return undefined;
    this.#skipEmptyLines();
    if (this.#begin === this.#filled) return undefined;
    this.#line = this.#beginLine;
    const isPlain = this.#readPlain();
    if (!isPlain && this.#scanRow() === "cut off") {
      const length = this.#filled - this.#begin;
      // The last byte may be a carriage return, which is no part of the row.
      if (length - 1 > this.#maxRowBytes) throw this.#tooLong();
      this.#enough = 2 * length;
      return undefined;
    }
    this.row += 1;
    this.line = this.#line;
    this.#begin = this.#at;
    this.#beginLine = this.#line + 1;
    this.#enough = 0;
    return isPlain ? this.#plain.at(this) : this;
  }

  /** Passes a byte order mark, if the stream begins with one. @returns whether that is known yet */
  #skipMark(): boolean {
    if (this.#begun) return true;
    if (this.#filled < 3 && !this.#ended) return false;
    this.#begun = true;
    if (this.#filled >= 3 && this.bytes.readUIntBE(0, 3) === 0xefbbbf) this.#begin = 3;
    return true;
  }

  #skipEmptyLines(): void {
    for (; this.#begin < this.#filled; this.#beginLine++) {
      const behind = this.#behindLineEnd(this.#begin);
      if (behind < 0) return;
      this.#begin = behind;
    }
  }

  /** Where the line ending at `at` ends; -1 where there is none, or one that may be half of a longer one. */
  #behindLineEnd(at: number): number {
    const byte = this.bytes[at];
    if (byte === lf) return at + 1;
    if (byte !== cr) return -1;
    if (at + 1 === this.#filled) return this.#ended ? at + 1 : -1;
    return this.bytes[at + 1] === lf ? at + 2 : at + 1;
  }

  /** Reads the row in one pass, if that is enough, and if the row is not too long for certain. */
  #readPlain(): boolean {
    this.#at = this.#plain.read(this.bytes, this.#begin, this.#filled);
    return this.#at > 0 && this.#at - this.#begin <= this.#maxRowBytes;
  }

  #scanRow(): Found {
    this.cells = 0;
    this.#doubled.length = 0;
    const { bytes, view } = this;
    const plainEnds = this.#plainEnds;
    const filled = this.#filled;
    const [quote, separator] = [byteOf(this.#marks.quote), byteOf(this.#marks.separator)];
    for (let at = this.#begin; ; at++) {
      const start = at;
      const isQuoted = bytes[at] === quote;
      if (isQuoted) {
        const closing = this.#closingQuote(start + 1);
        if (closing < 0) return "cut off";
        this.#keep(start + 1, closing);
        at = closing + 1;
      } else {
        if (this.#isFast) while (at + 4 <= filled && isAboveCommas(view.getInt32(at))) at += 4;
        while (plainEnds[bytes[at]!] === 0) at++;
        this.#keep(start, at);
      }
      if (bytes[at] !== separator) return this.#rowEnd(at, isQuoted ? "quoted" : "plain");
    }
  }

  #keep(start: number, end: number): void {
    const cell = this.cells++;
    if (cell === this.starts.length) {
      this.starts = twice(this.starts);
      this.ends = twice(this.ends);
    }
    this.starts[cell] = start;
    this.ends[cell] = end;
  }

  /** Where the quoted text that begins at `start` ends; -1 where that is not known yet. */
  #closingQuote(start: number): number {
    const { bytes } = this;
    const quote = byteOf(this.#marks.quote);
    const line = this.#line;
    for (let at = start; ; at++) {
      while (this.#quotedEnds[bytes[at]!] === 0) at++;
      if (at === this.#filled) {
        if (this.#ended) throw this.#fault("A quoted cell begins here and is never closed.", { at, line });
        return -1;
      }
      if (bytes[at] !== quote) {
        const behind = this.#behindLineEnd(at);
        if (behind < 0) return -1;
        this.#line += 1;
        at = behind - 1;
      } else if (bytes[at + 1] !== quote) {
        // At the end of what is there, this may be half of a doubled quote: #rowEnd waits for what follows.
        return at;
      } else {
        if (this.#doubled.at(-1) !== this.cells) this.#doubled.push(this.cells);
        at += 1;
      }
    }
  }

  /** What stands at `at`, behind the row's last cell, or behind one that was not written well. */
  #rowEnd(at: number, cell: "quoted" | "plain"): Found {
    const line = this.#line;
    const behind = at < this.#filled ? this.#behindLineEnd(at) : this.#ended ? at : -1;
    if (behind >= 0) {
      if (at - this.#begin > this.#maxRowBytes) throw this.#tooLong();
      this.#at = behind;
      for (const doubled of this.#doubled) this.#undouble(doubled);
      return "whole row";
    }
    if (at === this.#filled || this.bytes[at] === cr) return "cut off";
    const { quote } = this.#marks;
    const what =
      cell === "quoted"
        ? `Text follows a closing quote. Write ${quote}${quote} for a quote that belongs to the cell.`
        : `A quote in the middle of a cell. Put the whole cell in quotes and write ${quote}${quote} for the quote.`;
    throw this.#fault(what, { at, line });
  }

  #undouble(cell: number): void {
    const { bytes } = this;
    const quote = byteOf(this.#marks.quote);
    const end = this.ends[cell]!;
    let to = this.starts[cell]!;
    for (let from = to; from < end; from++) {
      const byte = bytes[from]!;
      bytes[to++] = byte;
      if (byte === quote) from++;
    }
    this.ends[cell] = to;
  }

  /** What is wrong at `at`, unless the row is too long already: then that is, wherever chunks end. */
  #fault(what: string, { at, line }: { at: number; line: number }): DataError {
    if (at - this.#begin > this.#maxRowBytes) return this.#tooLong();
    return new DataError(what, this.row < 0 ? { line } : { row: this.row + 1, line });
  }

  #tooLong(): DataError {
    const line = this.#beginLine;
    const what = `A row of more than ${this.#maxRowBytes} bytes. Is a quote not closed?`;
    return new DataError(what, this.row < 0 ? { line } : { row: this.row + 1, line });
  }
}

/** Whether all four bytes of a word are above the comma, as those of digits and letters are. */
function isAboveCommas(word: number): boolean {
  return ((word - 0x2d2d2d2d) & ~word & 0x80808080) === 0;
}
