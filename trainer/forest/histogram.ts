/**
 * A node's rows by their code in one column: for each code that occurs, `channels` sums. The first is the
 * population, the rest belong to the criterion. Codes that occur are kept in a list, because most nodes are small: visiting
 * 256 codes for a handful of rows would be most of the work.
 */
import { missingCode } from "../../model/encode.ts";

const codes = 256;

export class Histogram {
  /** Sum `k` of code `c` at `c * channels + k`. All zero between two columns. */
  readonly sums: Float64Array;
  /** May change between two columns, up to what the histogram was made for. */
  channels: number;
  /** A bit for each code that occurs; whoever adds to the sums sets them. */
  readonly seen = new Int32Array(codes / 32);
  /** After `list`: the codes that occur, ascending, without missing, in the first `size` entries. */
  readonly code = new Uint8Array(codes);
  size = 0;
  /** After `list`: the population of missing values. */
  missing = 0;

  constructor(channels: number) {
    this.channels = channels;
    this.sums = new Float64Array(codes * channels);
  }

  /** Makes the list of the codes that occur. */
  list(): void {
    const { seen, code } = this;
    let size = 0;
    for (let word = 0; word < seen.length; word++) {
      let bits = seen[word]!;
      while (bits !== 0) {
        const lowest = bits & -bits;
        code[size++] = (word << 5) | (31 - Math.clz32(lowest));
        bits ^= lowest;
      }
      seen[word] = 0;
    }
    this.missing = this.sums[missingCode * this.channels]!;
    this.size = this.missing > 0 ? size - 1 : size;
  }

  /** More than one code occurs, so the column can split the node. */
  get varies(): boolean {
    return this.size > 1 || (this.size === 1 && this.missing > 0);
  }

  /** Ready for the next column. */
  clear(): void {
    const { sums, channels, code, size } = this;
    for (let i = 0; i < size; i++) {
      const at = code[i]! * channels;
      for (let k = at; k < at + channels; k++) sums[k] = 0;
    }
    if (this.missing > 0) sums.fill(0, missingCode * channels, (missingCode + 1) * channels);
  }
}
