/**
 * A node's rows by their code in one column: for each code that occurs, `channels` sums. The first is the
 * population, the rest belong to the criterion. Most nodes are small, so visiting 256 codes for a handful of rows would be most of
 * the work: codes that occur are marked while adding up, and then collected, ascending, into *groups*.
 */
import { missingCode } from "../../model/encode.ts";

const codes = 256;

export class Histogram {
  /** May change between two columns, up to what the histogram was made for. */
  channels: number;
  /** For adding up: sum `k` of code `c` at `c * channels + k`, zero between two columns. */
  readonly sums: Float64Array;
  /** For adding up: a bit for each code that occurs. */
  readonly seen = new Int32Array(codes / 32);

  /** Groups, ascending by code: the code of each, and its sum `k` at `g * channels + k`. */
  readonly code = new Uint8Array(codes);
  readonly groups: Float64Array;
  /** Groups without the one of missing values, which comes last. */
  size = 0;
  /** Population of missing values. */
  missing = 0;
  /** The group after which the column may be cut; -1: after any. */
  only = -1;

  constructor(channels: number) {
    this.channels = channels;
    this.sums = new Float64Array(codes * channels);
    this.groups = new Float64Array(codes * channels);
  }

  /** Moves what was added up into groups. */
  collect(): void {
    const { seen, code, sums, groups, channels } = this;
    let size = 0;
    for (let word = 0; word < seen.length; word++) {
      let bits = seen[word]!;
      seen[word] = 0;
      while (bits !== 0) {
        const lowest = bits & -bits;
        bits ^= lowest;
        const next = (word << 5) | (31 - Math.clz32(lowest));
        code[size] = next;
        for (let k = 0; k < channels; k++) {
          groups[size * channels + k] = sums[next * channels + k]!;
          sums[next * channels + k] = 0;
        }
        size++;
      }
    }
    this.close(size);
  }

  /** Says how many groups there are, missing values included. */
  close(size: number): void {
    const last = size - 1;
    const missing = this.code[last] === missingCode;
    this.size = missing ? last : size;
    this.missing = missing ? this.groups[last * this.channels]! : 0;
  }

  /** More than one code occurs, so the column can split the node. */
  get varies(): boolean {
    return this.size > 1 || (this.size === 1 && this.missing > 0);
  }
}
