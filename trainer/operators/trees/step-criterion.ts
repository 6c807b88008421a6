/** Trees that tell how to change a score: leaves are steps, Newton's where the loss has a second derivative. */
import type { NodeRows } from "./criterion.ts";
import type { Loss } from "./boosting-loss.ts";
import { MeanCriterion } from "./mean-criterion.ts";
import { decimalScale, short } from "./short.ts";
import type { SortedTable } from "./sorted-table.ts";

export interface StepOptions {
  readonly minSamplesLeaf: number;
  readonly learningRate: number;
}

export class StepCriterion extends MeanCriterion {
  readonly #loss: Loss;
  readonly #step: number;
  readonly #digits: number;
  #slope: Float64Array | undefined;

  constructor(table: SortedTable, loss: Loss, { minSamplesLeaf, learningRate }: StepOptions) {
    super(table, loss.residual[0]!, { minSamplesLeaf });
    this.#loss = loss;
    this.#step = learningRate * loss.factor * loss.unit;
    this.#digits = decimalScale(loss.unit, 1e9);
  }

  /** The next tree is for this score. */
  aimAt(score: number): void {
    this.target = this.#loss.residual[score]!;
    this.#slope = this.#loss.slope?.[score];
  }

  leaf({ rows, start, end }: NodeRows): number {
    const { target } = this;
    const slope = this.#slope;
    let sum = 0;
    let slopes = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      sum += target[row]!;
      slopes += slope === undefined ? 1 : slope[row]!;
    }
    // Where scores are so far out that they no longer have any effect there is no step to take.
    return slopes < 1e-150 ? 0 : short((sum / slopes) * this.#step, this.#digits);
  }
}
