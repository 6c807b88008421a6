/**
 * The best cut of a node so far. Of equal cuts of one column the first one offered stays: cuts come by ascending bin, missing
 * values right before left. Of equally good columns the one stays whose lot, drawn for the node, is the lowest. A fixed order of
 * columns would do for equal bytes too, but in nodes of two or three rows most columns are equally good, and the first
 * column of the table would get the importance of all.
 */
import type { Cut } from "./bag.ts";
import { lotOf } from "./feature-draw.ts";

export interface Candidate {
  /** Sum over both children of their purity. */
  readonly score: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Of the children. */
  readonly leftRows: number;
  readonly rightRows: number;
}

export class BestCut implements Cut {
  score = -Infinity;
  column = -1;
  bin = 0;
  missingLeft = false;
  leftRows = 0;
  #key = 0;
  /** The column whose cuts are being offered. */
  #offered = -1;
  readonly #minSamplesLeaf: number;

  constructor(minSamplesLeaf: number) {
    this.#minSamplesLeaf = minSamplesLeaf;
  }

  get found(): boolean {
    return this.column >= 0;
  }

  /** Forgets all cuts: those that follow are of the node with this key. */
  restart(key: number): void {
    this.score = -Infinity;
    this.column = -1;
    this.#key = key;
  }

  /** Cuts that follow are of this column. */
  enter(column: number): void {
    this.#offered = column;
  }

  /** Takes the cut if it is better and leaves enough rows on both sides. */
  offer({ score, bin, missingLeft, leftRows, rightRows }: Candidate): void {
    if (leftRows < this.#minSamplesLeaf || rightRows < this.#minSamplesLeaf) return;
    if (score > this.score || this.#winsTie(score)) this.take({ score, bin, missingLeft, leftRows });
  }

  /** Takes the cut, whatever there was. */
  take({ score, bin, missingLeft, leftRows }: Omit<Candidate, "rightRows">): void {
    this.score = score;
    this.column = this.#offered;
    this.bin = bin;
    this.missingLeft = missingLeft;
    this.leftRows = leftRows;
  }

  #winsTie(score: number): boolean {
    if (score !== this.score || this.column < 0 || this.column === this.#offered) return false;
    const mine = lotOf(this.#key, this.#offered);
    const other = lotOf(this.#key, this.column);
    return mine < other || (mine === other && this.#offered < this.column);
  }
}
