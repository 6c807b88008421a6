/** Half the squared error, as in scikit-learn: its gradient is the error itself. */
import { exactSum } from "./fixed-point.ts";
import { meanTruth, totalWeight } from "./mean.ts";
import type { Derivatives, LossRows, Objective } from "./objective.ts";

export class SquaredError implements Objective {
  readonly raw: readonly [Float64Array];
  readonly #rows: LossRows;
  readonly #gradient: Float64Array;
  readonly #losses: Float64Array;
  readonly #total: number;

  constructor(rows: LossRows) {
    const { length } = rows.truth;
    this.#rows = rows;
    this.raw = [new Float64Array(length)];
    this.#gradient = new Float64Array(length);
    this.#losses = new Float64Array(length);
    this.#total = totalWeight(rows);
  }

  baseline(): number[] {
    return [meanTruth(this.#rows)];
  }

  evaluate(): number {
    const { truth, weights } = this.#rows;
    const [raw] = this.raw;
    const gradient = this.#gradient;
    const losses = this.#losses;
    for (let row = 0; row < truth.length; row++) {
      const error = raw[row]! - truth[row]!;
      const weighted = weights === undefined ? error : error * weights[row]!;
      gradient[row] = weighted;
      losses[row] = (weighted * error) / 2;
    }
    return exactSum(losses) / this.#total;
  }

  derive(): Derivatives {
    const { weights } = this.#rows;
    return { gradient: this.#gradient, ...(weights && { hessian: weights }) };
  }
}
