/**
 * The memory that growing works in, one block shared with the kernels: the codes of all rows, row after row, four columns a word;
 * each training row's content (see content.ts); the training rows in the order of the tree's nodes; and histograms.
 *
 * A node's rows are neighbours in `order`, ascending: a split divides its node's stretch, and reading goes forward through memory.
 */
import type { Matrix } from "../forest/matrix.ts";
import { binsPerColumn, cutCode, type Kernels, kernelsIn, pairBytes } from "./kernels.ts";

/** Bytes that histograms may take, beyond those of two nodes. A node for which there is no room is filled anew when it is split. */
const histogramCap = 2 ** 26;
/** WebAssembly's memory has addresses of 32 bits. */
const mostBytes = 2 ** 32 - 2 ** 16;

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface Cut {
  /** Place of the column in a row's codes. */
  readonly place: number;
  readonly bin: number;
  readonly missingLeft: boolean;
}

export interface ArenaOptions {
  /** The first so many rows of the matrix are trained on, the others only predicted. */
  readonly training: number;
  /** Histograms that are wanted at one time, at most. */
  readonly histograms: number;
}

export class Arena {
  readonly training: number;
  /** Columns that vary, by place: indices of the matrix. */
  readonly columns: Int32Array;
  /** Code of the column at place `p` in row `r` at `r * codesPerRow + p`; training rows first. */
  readonly codes: Uint8Array;
  readonly codesPerRow: number;
  /** Pairs, by training row. */
  readonly content: Float64Array;
  readonly order: Int32Array;
  /** Bin `b` of the column at place `p` in slot `s` is the pair at `s * slotLength + (p * 256 + b) * 2`. */
  readonly histograms: Float64Array;
  readonly slotLength: number;
  readonly slots: number;
  readonly #spare: Int32Array;
  readonly #orderAt: number;
  readonly #histogramsAt: number;
  readonly #kernels: Kernels;

  /** @throws {RangeError} for a table beyond what can be addressed */
  constructor(matrix: Matrix, { training, histograms }: ArenaOptions) {
    this.training = training;
    this.columns = matrix.varying;
    this.codesPerRow = Math.max(4, roundUp(this.columns.length, 4));
    const slotBytes = this.codesPerRow * binsPerColumn * pairBytes;
    this.slotLength = slotBytes / 8;
    this.slots = Math.max(2, Math.min(histograms, Math.floor(histogramCap / slotBytes)));
    const content = roundUp(matrix.rows * this.codesPerRow, pairBytes);
    this.#orderAt = content + training * pairBytes;
    const spare = this.#orderAt + training * 4;
    this.#histogramsAt = roundUp(spare + training * 4, pairBytes);
    const bytes = this.#histogramsAt + this.slots * slotBytes;
    if (bytes > mostBytes)
      throw new RangeError(`boosting ${matrix.rows} rows of ${this.columns.length} columns takes more than 4 GiB`);
    const layout = {
      codes: 0,
      codesPerRow: this.codesPerRow,
      content,
      histogramBytes: slotBytes,
      spareOffset: training * 4,
    };
    const { buffer, ...kernels } = kernelsIn(bytes, layout);
    this.#kernels = kernels;
    this.codes = new Uint8Array(buffer, 0, matrix.rows * this.codesPerRow);
    this.content = new Float64Array(buffer, content, training * 2);
    this.order = new Int32Array(buffer, this.#orderAt, training);
    this.#spare = new Int32Array(buffer, spare, training);
    this.histograms = new Float64Array(buffer, this.#histogramsAt, this.slots * this.slotLength);
    this.#takeCodes(matrix);
  }

  #takeCodes({ rows, codes }: Matrix): void {
    const { codesPerRow, columns } = this;
    const byRow = this.codes;
    columns.forEach((column, place) => {
      const base = column * rows;
      for (let row = 0, at = place; row < rows; row++, at += codesPerRow) byRow[at] = codes[base + row]!;
    });
  }

  /** Puts all training rows into one stretch, ascending. */
  restart(): Stretch {
    const { order } = this;
    for (let row = 0; row < order.length; row++) order[row] = row;
    return { start: 0, end: order.length };
  }

  /** Makes slot `slot` the histogram of these rows. */
  fill({ start, end }: Stretch, slot: number): void {
    this.histograms.fill(0, slot * this.slotLength, (slot + 1) * this.slotLength);
    this.#kernels.fill(this.#orderAt + start * 4, this.#orderAt + end * 4, this.#addressOf(slot));
  }

  /** Makes slot `slot`, the histogram of a node, that of the child whose sibling's is in slot `other`. */
  subtract(slot: number, other: number): void {
    this.#kernels.subtract(this.#addressOf(slot), this.#addressOf(other));
  }

  #addressOf(slot: number): number {
    return this.#histogramsAt + slot * this.slotLength * 8;
  }

  /** Divides a stretch, each side in its old order; answers where the right side begins. */
  partition({ start, end }: Stretch, cut: Cut): number {
    const { order } = this;
    const left = this.#kernels.partition(this.#orderAt + start * 4, this.#orderAt + end * 4, cutCode(cut)) >>> 0;
    const middle = (left - this.#orderAt) / 4;
    order.set(this.#spare.subarray(start, start + end - middle), middle);
    return middle;
  }
}

const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;
