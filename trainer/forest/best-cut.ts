/**
 * The best cut of a node so far. Equal scores are decided by place, never by the order of search: the lower column wins, then the
 * lower bin, then missing values on the right.
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

  /** Takes the cut if it is better. Cuts of one column come by ascending bin, missing values right before left. */
  offer({ score, column, bin, missingLeft, left, right }: Candidate): void {
    if (score < this.score || (score === this.score && column >= this.column)) return;
    if (rowsIn(left) < this.#minSamplesLeaf || rowsIn(right) < this.#minSamplesLeaf) return;
    this.score = score;
    this.column = column;
    this.bin = bin;
    this.missingLeft = missingLeft;
  }
}
