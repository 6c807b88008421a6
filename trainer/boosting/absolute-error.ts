/**
 * The absolute error. Trees are grown from its sign, as if the second derivative were 1; then each leaf becomes the
 * median of its rows' errors (Friedman, "Greedy function approximation", 2001, section 4.2).
 */
import { exactSum } from "./fixed-point.ts";
import { totalWeight, weightedMedian } from "./mean.ts";
import type { Derivatives, LossRows, Objective } from "./objective.ts";

export class AbsoluteError implements Objective {
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
    return [weightedMedian(this.#rows.truth.slice(), this.#rows.weights)];
  }

  evaluate(): number {
    const { truth, weights } = this.#rows;
    const [raw] = this.raw;
    for (let row = 0; row < truth.length; row++) {
      const weight = weights === undefined ? 1 : weights[row]!;
      const error = raw[row]! - truth[row]!;
      // Of an error of 0 scikit-learn takes -1 as well.
      this.#gradient[row] = error > 0 ? weight : -weight;
      this.#losses[row] = Math.abs(error) * weight;
    }
    return exactSum(this.#losses) / this.#total;
  }

  derive(): Derivatives {
    const { weights } = this.#rows;
    return { gradient: this.#gradient, ...(weights && { hessian: weights }) };
  }

  leaf(rows: Int32Array): number {
    const { truth, weights } = this.#rows;
    const [raw] = this.raw;
    const errors = Float64Array.from(rows, (row) => truth[row]! - raw[row]!);
    return weightedMedian(errors, weights && Float64Array.from(rows, (row) => weights[row]!));
  }
}
