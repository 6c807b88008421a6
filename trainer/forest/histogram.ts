/**
 * A node's rows by their code in one column. Adding up goes by code; what is read afterwards are *groups*, the codes that occur,
 * ascending. In a small node most codes do not, and visiting 256 of them for a handful of rows would be most of the work: there
 * the codes that occur are marked while adding up. In a large node marking would cost more than visiting all.
 */
import { missingCode } from "../../model/encode.ts";

const codes = 256;

export class Histogram {
  /** Sums of a code: its population, then the criterion's. May change between two columns, up to what the histogram was made for. */
  channels: number;
  /** For adding up: sum `k` of code `c` at `c * channels + k`, zero between two columns. */
  readonly sums: Float64Array;
  /** For adding up: a bit for each code that occurs. */
  readonly seen = new Int32Array(codes / 32);

  /** Of each group its code, rows and weight, and the criterion's sum `k` (from 1) at `g * channels + k`. */
  readonly code = new Uint8Array(codes);
  readonly rows = new Float64Array(codes);
  readonly weight = new Float64Array(codes);
  readonly groups: Float64Array;
  /** Groups without the one of missing values, which comes last. */
  size = 0;
  /** Rows and weight of missing values. */
  missingRows = 0;
  missing = 0;
  /** The group after which the column may be cut; -1: after any. */
  only = -1;
  readonly #unit: number;

  /**
   * @param sums zeros, 256 for each of the channels
   * @param unit of populations: see bag.ts
   */
  constructor(sums: Float64Array, unit: number) {
    this.channels = sums.length / codes;
    this.#unit = unit;
    this.sums = sums;
    this.groups = new Float64Array(sums.length);
  }

  /** Moves what was added up and marked into groups. */
  collectSeen(): void {
    const { seen } = this;
    this.size = 0;
    for (let word = 0; word < seen.length; word++) {
      let bits = seen[word]!;
      seen[word] = 0;
      while (bits !== 0) {
        const lowest = bits & -bits;
        bits ^= lowest;
        this.#move((word << 5) | (31 - Math.clz32(lowest)));
      }
    }
    this.#close();
  }

  /** Moves what was added up into groups, whether marked or not. */
  collectAll(): void {
    const { sums, channels } = this;
    this.size = 0;
    for (let code = 0; code < codes; code++) if (sums[code * channels] !== 0) this.#move(code);
    this.#close();
  }

  #move(code: number): void {
    const { sums, groups, channels } = this;
    const group = this.size++;
    const from = code * channels;
    const population = sums[from]!;
    sums[from] = 0;
    // The unit is a power of two, so its inverse is as exact, and several times faster.
    const rows = Math.floor(population * (1 / this.#unit));
    this.code[group] = code;
    this.rows[group] = rows;
    this.weight[group] = population - rows * this.#unit;
    for (let k = 1; k < channels; k++) {
      groups[group * channels + k] = sums[from + k]!;
      sums[from + k] = 0;
    }
  }

  #close(): void {
    const last = this.size - 1;
    const missing = this.code[last] === missingCode;
    this.missingRows = missing ? this.rows[last]! : 0;
    this.missing = missing ? this.weight[last]! : 0;
    if (missing) this.size = last;
  }

  /** More than one code occurs, so the column can split the node. */
  get varies(): boolean {
    return this.size > 1 || (this.size === 1 && this.missingRows > 0);
  }
}

/** Columns that are added up in one pass over a node's rows, where there are as many. */
export const batch = 4;

/** Histograms of a batch of columns. */
export class Histograms {
  /** Those of the first, then of the second, ... */
  readonly sums: Float64Array;
  readonly each: readonly Histogram[];

  constructor(channels: number, unit: number) {
    const size = codes * channels;
    this.sums = new Float64Array(batch * size);
    this.each = Array.from(
      { length: batch },
      (_, i) => new Histogram(this.sums.subarray(i * size, (i + 1) * size), unit),
    );
  }
}
