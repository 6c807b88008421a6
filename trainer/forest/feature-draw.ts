/**
 * Which columns a split tries, and which of equally good ones it takes: drawn from (seed, tree, the node's place in the tree). A
 * node's place is a 32-bit key made from its parent's, so the draw is the same in whatever order nodes are grown.
 */
import { random } from "../../traintask/random.ts";

const stream = 2;

export function rootKey(seed: number, tree: number): number {
  return random(seed, stream, tree).uint32() | 0;
}

export const leftKey = (key: number): number => mix(key ^ 0x2545f491);
export const rightKey = (key: number): number => mix(key ^ 0x6c078965);

/** A column's lot in a node: of equally good columns the one with the lowest wins. */
export const lotOf = (key: number, column: number): number =>
  mix((key ^ 0x51ed270b) + Math.imul(column + 1, 0x9e3779b9));

/** A uniform number in [0, 1) for a column in a node. */
export const uniformOf = (key: number, column: number): number =>
  (mix(lotOf(key, column) ^ 0x3c6ef372) >>> 0) / 0x1_0000_0000;

/** The finaliser of MurmurHash3 (Appleby): every bit of the input changes about half of the output's. */
function mix(x: number): number {
  let h = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A Fisher-Yates shuffle done one step at a time, as far as needed; where all columns are tried anyway, they come as they are. */
export class FeatureDraw {
  readonly #shuffled: boolean;
  readonly #order: Int32Array;
  /** Where each drawn column came from, to undo the draw. */
  readonly #from: Int32Array;
  #drawn = 0;
  #state = 0;

  /** @param tried how many columns a node tries at least */
  constructor(columns: Int32Array, tried: number) {
    this.#shuffled = tried < columns.length;
    this.#order = columns.slice();
    this.#from = new Int32Array(columns.length);
  }

  /** Starts the draw of the node with this key; forgets what was drawn before. */
  restart(key: number): void {
    while (this.#shuffled && this.#drawn > 0) {
      this.#drawn--;
      this.#swap(this.#drawn, this.#from[this.#drawn]!);
    }
    this.#drawn = 0;
    this.#state = key;
  }

  /** The next column, none twice; -1 after the last. */
  next(): number {
    const at = this.#drawn;
    const left = this.#order.length - at;
    if (left === 0) return -1;
    if (!this.#shuffled) return this.#order[this.#drawn++]!;
    const from = at + this.#below(left);
    this.#from[at] = from;
    this.#swap(at, from);
    this.#drawn = at + 1;
    return this.#order[at]!;
  }

  #swap(i: number, j: number): void {
    const column = this.#order[i]!;
    this.#order[i] = this.#order[j]!;
    this.#order[j] = column;
  }

  /**
   * Uniform without bias: a Weyl sequence through the mixer, taken to the range by multiplication (Lemire, "Fast random integer generation
   * in an interval", 2019). Products stay below 2^53 up to 2^21 columns.
   */
  #below(n: number): number {
    for (;;) {
      this.#state = (this.#state + 0x9e3779b9) | 0;
      const product = (mix(this.#state) >>> 0) * n;
      const low = product >>> 0;
      if (low >= n || low >= 0x1_0000_0000 % n) return (product - low) / 0x1_0000_0000;
    }
  }
}
