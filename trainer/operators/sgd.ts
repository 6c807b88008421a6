/**
 * A weighted sum of the columns, fitted by stochastic gradient descent with an elastic-net penalty, as scikit-learn 1.9 does
 * it in `_sgd_fast.pyx`: Bottou, "Stochastic gradient descent tricks", 2012; the absolute part of the penalty is the
 * cumulative one of Tsuruoka, Tsujii and Ananiadou, "Stochastic gradient descent training for L1-regularized log-linear
 * models with cumulative penalty", 2009.
 */
import type { Matrix } from "../../model/steps/step.ts";
import { type Operator, OperatorError } from "./operator.ts";

/** What a row costs by its output and by what it ought to be (of classes 1 or -1), and the cost's slope by the output. */
export interface Loss {
  cost(output: number, y: number): number;
  slope(output: number, y: number): number;
}

/** A type, not an interface: so `Parameters` can be taken for one. */
export type SgdOptions = {
  readonly alpha: number;
  readonly learningRate: string;
  readonly fitIntercept: boolean;
  /** Which share of the penalty is on absolute values; the rest is on squares. */
  readonly l1Ratio: number;
  readonly eta0: number;
  readonly powerT: number;
};

/** TPOT's; its `penalty` is always the elastic net. */
export const sgdParameters: Operator["parameters"] = {
  alpha: [0.001, 0.01, 0],
  learningRate: ["invscaling", "constant"],
  fitIntercept: [true, false],
  l1Ratio: [0.25, 0, 0.5, 0.75, 1],
  eta0: [0.01, 0.1, 1],
  powerT: [0.5, 0, 0.1, 1, 10, 50, 100],
};

export interface SgdProblem {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly loss: Loss;
  readonly options: SgdOptions;
  /** Puts the rows in another order before each epoch; in scikit-learn it swaps the same places each time. */
  readonly shuffle: (order: Int32Array) => void;
}

/** scikit-learn's `max_iter`, `tol` and `n_iter_no_change`; and the steepest slope that is followed. */
const [maxEpochs, tolerance, patience, steepest] = [1000, 1e-3, 5, 1e12];

/** @throws {OperatorError} where the weights leave the range of numbers */
export function descend({ x, y, loss, options, shuffle }: SgdProblem): { weights: Float64Array; intercept: number } {
  const weights = new SgdWeights(x, options);
  const order = Int32Array.from({ length: x.rows }, (_, row) => row);
  let [best, idle, steps, intercept] = [Infinity, 0, 1, 0];
  for (let epoch = 0; epoch < maxEpochs && idle < patience; epoch++) {
    shuffle(order);
    let objective = 0;
    for (const row of order) {
      const output = weights.output(row) + intercept;
      const eta = options.learningRate === "constant" ? options.eta0 : options.eta0 / steps ** options.powerT;
      objective += loss.cost(output, y[row]!) + weights.penalty();
      const update = -eta * Math.min(steepest, Math.max(-steepest, loss.slope(output, y[row]!)));
      weights.update(row, update, eta);
      if (options.fitIntercept) intercept += update;
      steps += 1;
    }
    if (!weights.finite() || !Number.isFinite(intercept)) throw outOfRange();
    idle = objective / x.rows > best - tolerance ? idle + 1 : 0;
    best = Math.min(best, objective / x.rows);
  }
  // Weights that are just finite may still be too large for any row.
  if (!order.every((row) => Number.isFinite(weights.output(row)))) throw outOfRange();
  return { weights: weights.scaled(), intercept };
}

const outOfRange = (): OperatorError =>
  new OperatorError("the descent leaves the range of numbers: scale the columns, or take a smaller eta0");

/** The weights are `scale` times what is stored, so that the squared part of the penalty costs one multiplication a row. */
class SgdWeights {
  readonly #x: Matrix;
  readonly #options: SgdOptions;
  readonly #stored: Float64Array;
  #scale = 1;
  /** How much absolute penalty each weight might have had so far, and how much it has had. */
  #due = 0;
  readonly #paid: Float64Array;
  /** Squared and absolute length, as of the last update of the weights but for the absolute penalty: scikit-learn's too. */
  #squares = 0;
  #absolute = 0;

  constructor(x: Matrix, options: SgdOptions) {
    this.#x = x;
    this.#options = options;
    this.#stored = new Float64Array(x.columns);
    this.#paid = new Float64Array(x.columns);
  }

  output(row: number): number {
    const { columns, values } = this.#x;
    const stored = this.#stored;
    // Two sums: each addition has to wait for the one before.
    let [even, odd] = [0, 0];
    let [c, at] = [0, row * columns];
    for (; c + 1 < columns; c += 2, at += 2) {
      even += values[at]! * stored[c]!;
      odd += values[at + 1]! * stored[c + 1]!;
    }
    if (c < columns) even += values[at]! * stored[c]!;
    return (even + odd) * this.#scale;
  }

  penalty(): number {
    const { alpha, l1Ratio } = this.#options;
    return alpha * ((1 - l1Ratio) * 0.5 * this.#squares + l1Ratio * this.#absolute);
  }

  update(row: number, update: number, eta: number): void {
    const { alpha, l1Ratio } = this.#options;
    this.#shrink(Math.max(0, 1 - (1 - l1Ratio) * eta * alpha));
    if (update !== 0) this.#add(row, update / this.#scale);
    this.#due += l1Ratio * eta * alpha;
    if (this.#due > 0) this.#pay();
  }

  finite(): boolean {
    return this.#stored.every(Number.isFinite);
  }

  scaled(): Float64Array {
    return this.#stored.map((weight) => weight * this.#scale);
  }

  #shrink(factor: number): void {
    this.#scale *= factor;
    this.#squares *= factor * factor;
    this.#absolute *= factor;
    if (this.#scale >= 1e-9) return;
    for (let c = 0; c < this.#stored.length; c++) this.#stored[c]! *= this.#scale;
    this.#scale = 1;
  }

  #add(row: number, times: number): void {
    const { columns, values } = this.#x;
    const stored = this.#stored;
    let [squares, absolute] = [0, 0];
    for (let c = 0, at = row * columns; c < columns; c++, at++) {
      const weight = stored[c]! + values[at]! * times;
      stored[c] = weight;
      squares += weight * weight;
      absolute += Math.abs(weight);
    }
    this.#squares = squares * this.#scale * this.#scale;
    this.#absolute = absolute * this.#scale;
  }

  /** Takes from each weight what it owes, as far as it is from 0. */
  #pay(): void {
    const [stored, paid, due, scale] = [this.#stored, this.#paid, this.#due, this.#scale];
    const inverse = 1 / scale;
    for (let c = 0; c < stored.length; c++) {
      const before = stored[c]!;
      if (before === 0) continue;
      const had = paid[c]!;
      const after =
        before > 0 ? Math.max(0, before - (due + had) * inverse) : Math.min(0, before + (due - had) * inverse);
      stored[c] = after;
      paid[c] = had + scale * (after - before);
    }
  }
}
