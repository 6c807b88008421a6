/**
 * The best cut of a node so far. Of equal cuts the first one offered stays: columns come in the order drawn for the node, cuts of a
 * column by ascending bin, missing values right before left. A fixed order of columns would do for equal bytes too, but in nodes of two
 * or three rows most columns are equally good, and the first column of the table would get the importance of all.
 */
import { rowsIn } from "./bag.ts";
import type { Cut } from "./bag.ts";

export interface Candidate extends Cut {
  /** Sum over both children of their squared sums over their weight: higher is purer. */
  readonly score: number;
  /** Populations of the children. */
  readonly left: number;
  readonly right: number;
}

export class BestCut implements Cut {
  score = -Infinity;
  column = -1;
  bin = 0;
  missingLeft = false;
  readonly #minSamplesLeaf: number;

  constructor(minSamplesLeaf: number) {
    this.#minSamplesLeaf = minSamplesLeaf;
  }

  get found(): boolean {
    return this.column >= 0;
  }

  reset(): void {
    this.score = -Infinity;
    this.column = -1;
  }

  /** Takes the cut if it is better and leaves enough rows on both sides. */
  offer({ score, column, bin, missingLeft, left, right }: Candidate): void {
    if (score <= this.score) return;
    if (rowsIn(left) < this.#minSamplesLeaf || rowsIn(right) < this.#minSamplesLeaf) return;
    this.score = score;
    this.column = column;
    this.bin = bin;
    this.missingLeft = missingLeft;
  }
}
