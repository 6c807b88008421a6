/** The log loss of two classes. One raw score: the logarithm of the odds of the second class. */
import { exactSum } from "./fixed-point.ts";
import { meanTruth, totalWeight } from "./mean.ts";
import type { Derivatives, LossRows, Objective } from "./objective.ts";

export class BinaryLogLoss implements Objective {
  readonly raw: readonly [Float64Array];
  readonly #rows: LossRows;
  readonly #gradient: Float64Array;
  readonly #hessian: Float64Array;
  readonly #losses: Float64Array;
  readonly #total: number;

  constructor(rows: LossRows) {
    const { length } = rows.truth;
    this.#rows = rows;
    this.raw = [new Float64Array(length)];
    this.#gradient = new Float64Array(length);
    this.#hessian = new Float64Array(length);
    this.#losses = new Float64Array(length);
    this.#total = totalWeight(rows);
  }

  baseline(): number[] {
    const share = meanTruth(this.#rows);
    // A class without rows would have infinite odds.
    const p = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, share));
    return [Math.log(p / (1 - p))];
  }

  evaluate(): number {
    const { truth, weights } = this.#rows;
    const [raw] = this.raw;
    const gradient = this.#gradient;
    const hessian = this.#hessian;
    const losses = this.#losses;
    for (let row = 0; row < truth.length; row++) {
      const score = raw[row]!;
      const weight = weights === undefined ? 1 : weights[row]!;
      // One exponential, of a number of at most 0 so that it cannot overflow, serves all three.
      const e = Math.exp(-Math.abs(score));
      const far = 1 / (1 + e);
      const near = e * far;
      const second = truth[row] === 1;
      const agrees = score >= 0 === second;
      const error = agrees ? near : far;
      gradient[row] = second ? -error * weight : error * weight;
      hessian[row] = near * far * weight;
      losses[row] = (Math.log1p(e) + (agrees ? 0 : Math.abs(score))) * weight;
    }
    return exactSum(losses) / this.#total;
  }

  derive(): Derivatives {
    return { gradient: this.#gradient, hessian: this.#hessian };
  }
}
