/** The log loss of any number of classes. One raw score a class: its probability is exp(score) over the sum for all classes. */
import { exactSum } from "./fixed-point.ts";
import { totalWeight } from "./mean.ts";
import type { Derivatives, LossRows, Objective } from "./objective.ts";

export class MultinomialLogLoss implements Objective {
  readonly raw: readonly Float64Array[];
  readonly #rows: LossRows;
  readonly #gradient: Float64Array;
  readonly #hessian: Float64Array;
  readonly #losses: Float64Array;
  /** By row: the logarithm of the sum of exp(score) over the classes. */
  readonly #logSum: Float64Array;
  readonly #peak: Float64Array;
  readonly #total: number;

  constructor(rows: LossRows, classes: number) {
    const { length } = rows.truth;
    this.#rows = rows;
    this.raw = Array.from({ length: classes }, () => new Float64Array(length));
    this.#gradient = new Float64Array(length);
    this.#hessian = new Float64Array(length);
    this.#losses = new Float64Array(length);
    this.#logSum = new Float64Array(length);
    this.#peak = new Float64Array(length);
    this.#total = totalWeight(rows);
  }

  baseline(): number[] {
    const { truth, weights } = this.#rows;
    return this.raw.map((_, k) => {
      const ofClass = truth.map((y, row) => (y === k ? (weights?.[row] ?? 1) : 0));
      const share = exactSum(ofClass) / this.#total;
      // A class without rows would have a probability of 0.
      return Math.log(Math.min(1, Math.max(Number.EPSILON, share)));
    });
  }

  evaluate(): number {
    const { truth, weights } = this.#rows;
    this.#sumUp();
    for (let row = 0; row < truth.length; row++) {
      const loss = this.#logSum[row]! - this.raw[truth[row]!]![row]!;
      this.#losses[row] = Math.max(0, loss) * (weights === undefined ? 1 : weights[row]!);
    }
    return exactSum(this.#losses) / this.#total;
  }

  #sumUp(): void {
    const peak = this.#peak;
    const logSum = this.#logSum;
    peak.set(this.raw[0]!);
    for (const raw of this.raw) for (let row = 0; row < raw.length; row++) peak[row] = Math.max(peak[row]!, raw[row]!);
    logSum.fill(0);
    for (const raw of this.raw)
      for (let row = 0; row < raw.length; row++) logSum[row] = logSum[row]! + Math.exp(raw[row]! - peak[row]!);
    for (let row = 0; row < logSum.length; row++) logSum[row] = peak[row]! + Math.log(logSum[row]!);
  }

  derive(output: number): Derivatives {
    const { truth, weights } = this.#rows;
    const raw = this.raw[output]!;
    for (let row = 0; row < truth.length; row++) {
      const weight = weights === undefined ? 1 : weights[row]!;
      const p = Math.min(1, Math.exp(raw[row]! - this.#logSum[row]!));
      this.#gradient[row] = (truth[row] === output ? p - 1 : p) * weight;
      this.#hessian[row] = p * (1 - p) * weight;
    }
    return { gradient: this.#gradient, hessian: this.#hessian };
  }
}
