/**
 * Reads a row in one pass over its bytes, as far as nothing in it is quoted: where its cells are, what number each one is,
 * and the JSON line that the table's digest takes. A row that is written in any other way is left to those who read it in
 * several passes, and comes to the same. The pass is WebAssembly's, so it sees the bytes through a window of its memory.
 */
import { kernelsOn, memoryOf } from "../wasm/memory.ts";
import { byteOf, type CsvMarks } from "./csv-format.ts";
import { type CsvRow, viewOf } from "./csv-row.ts";
import { mostDigits, type PlainKernels, readRowKernel } from "./plain-row-kernel.ts";

const [lf, cr] = [0x0a, 0x0d];

/** Rows that are longer, or have more cells, are not read here. */
const windowBytes = 1 << 17;
const maxCells = 1 << 14;
/** Two vectors: so far the kernel reads and writes behind the ends of things. */
const slack = 32;
const powers = Float64Array.from({ length: mostDigits + 1 }, (_, places) => Number(`1e${places}`));

const numbersAt = powers.byteLength;
const startsAt = numbersAt + 8 * maxCells;
const endsAt = startsAt + 4 * maxCells;
const foundAt = endsAt + 4 * maxCells;
const windowAt = foundAt + 8;
const jsonAt = windowAt + windowBytes + slack;
/** An empty cell, which is one byte with its separator, becomes three. */
const allBytes = jsonAt + 3 * windowBytes + slack;

function makeWindow() {
  const memory = memoryOf(allBytes);
  const layout = {
    powers: 0,
    numbers: numbersAt,
    starts: startsAt,
    ends: endsAt,
    found: foundAt,
    json: jsonAt,
    maxCells,
  };
  const { readRow } = kernelsOn<PlainKernels>(memory, [readRowKernel(layout)]);
  const { buffer } = memory;
  new Float64Array(buffer).set(powers);
  const bytes = Buffer.from(buffer);
  bytes.write('["', jsonAt);
  return {
    readRow,
    bytes,
    view: viewOf(bytes),
    starts: new Int32Array(buffer, startsAt, maxCells),
    ends: new Int32Array(buffer, endsAt, maxCells),
    numbers: new Float64Array(buffer, numbersAt, maxCells),
    found: new Int32Array(buffer, foundAt, 2),
    json: new Uint8Array(buffer, jsonAt),
    /** Whose bytes are in it. */
    user: undefined as PlainRow | undefined,
  };
}

/** One for all tables of this thread: a memory of each would have to wait for the collector. */
let shared: ReturnType<typeof makeWindow> | undefined;

/** Of a row that is there as a whole and plain: how many bytes it has, its line ending included. */
type Seen = "not plain" | "cut off" | number;

export class PlainRow implements CsvRow {
  readonly plain = this;
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** One per cell: NaN where it is no plain decimal number, or a long one. */
  readonly numbers: Float64Array;
  /** The row as a JSON array of texts, and a line feed: the first `jsonLength` bytes. */
  readonly json: Uint8Array;
  jsonLength = 0;
  cells = 0;
  row = 0;
  line = 0;
  readonly #window = (shared ??= makeWindow());
  readonly #marks: readonly [separator: number, quote: number, point: number];
  /** Where in the source the window begins, and how many bytes of it there are. */
  #origin = 0;
  #length = 0;

  constructor({ separator, quote, decimal }: CsvMarks) {
    this.#marks = [byteOf(separator), byteOf(quote), byteOf(decimal)];
    const { bytes, view, starts, ends, numbers, json } = this.#window;
    this.bytes = bytes;
    this.view = view;
    this.starts = starts;
    this.ends = ends;
    this.numbers = numbers;
    this.json = json;
  }

  /** To be called when the source's bytes have changed. */
  forget(): void {
    this.#length = 0;
  }

  /**
   * Reads the row that begins at `begin` in the source, which has bytes up to `filled`.
   * @returns where the next row begins; 0 where this one is not there as a whole, or is not plain
   */
  read(source: Uint8Array, begin: number, filled: number): number {
    const skipped = begin - this.#origin;
    let seen: Seen = "cut off";
    if (this.#window.user === this && skipped >= 0 && skipped < this.#length) {
      seen = this.#readRow(skipped);
      if (this.#origin + this.#length === filled && seen === "cut off") return 0;
    }
    if (seen === "cut off") {
      this.#load(source.subarray(begin, Math.min(filled, begin + windowBytes)));
      this.#origin = begin;
      seen = this.#readRow(0);
    }
    return typeof seen === "number" ? begin + seen : 0;
  }

  /** This row, now that it is known where it stands. */
  at({ row, line }: Pick<CsvRow, "row" | "line">): this {
    this.row = row;
    this.line = line;
    return this;
  }

  #load(bytes: Uint8Array): void {
    this.#window.user = this;
    this.#length = bytes.length;
    this.bytes.set(bytes, windowAt);
    // Ends the last cell, wherever it ends.
    this.bytes[windowAt + bytes.length] = lf;
  }

  /** Reads the row that begins there in the window. */
  #readRow(begin: number): Seen {
    const { found, readRow } = this.#window;
    const start = windowAt + begin;
    const stop = readRow(start, ...this.#marks);
    this.cells = found[0]!;
    this.jsonLength = found[1]!;
    const end = windowAt + this.#length;
    const byte = this.bytes[stop];
    if (stop === end || (byte === cr && stop + 1 === end)) return "cut off";
    if (byte === lf) return stop + 1 - start;
    return byte === cr && this.bytes[stop + 1] === lf ? stop + 2 - start : "not plain";
  }
}
