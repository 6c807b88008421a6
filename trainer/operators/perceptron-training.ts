/**
 * Training of a perceptron with one hidden layer of rectified units by back propagation and Adam (Kingma and Ba, "Adam: a
 * method for stochastic optimization", 2015), with scikit-learn's defaults. All weights stand in one array, so that Adam is
 * one loop: for each hidden unit a weight for each column and a bias, then for each output one for each hidden unit and a bias.
 */
import type { Matrix } from "../../model/steps/step.ts";
import { RowSum } from "./row-sum.ts";

export interface Training {
  readonly x: Matrix;
  /** Rows x outputs: numbers; of two classes one column of 0 and 1; of more a column for each class. */
  readonly y: Matrix;
  readonly kind: "number" | "classes";
  readonly hidden: number;
  /** What the squares of all weights but the biases cost. */
  readonly alpha: number;
  readonly learningRate: number;
  readonly epochs: number;
  /** Puts the rows in another order before each epoch. */
  readonly shuffle: (order: Int32Array) => void;
}

/** scikit-learn's `batch_size`, `tol`, `n_iter_no_change`, `beta_1`, `beta_2` and `epsilon`. */
const [batchRows, tolerance, patience, beta1, beta2, least] = [200, 1e-4, 10, 0.9, 0.999, 1e-8];

/** Changes `weights`, which hold what training begins with. It ends early where the loss stays as it is, or is no number. */
export function train(training: Training, weights: Float64Array): void {
  const { x, epochs, shuffle } = training;
  const order = Int32Array.from({ length: x.rows }, (_, row) => row);
  const network = new Network(training, weights.length);
  network.weights.set(weights);
  const adam = new Adam(network.weights, training.learningRate);
  let [best, idle] = [Infinity, 0];
  for (let epoch = 0; epoch < epochs && idle <= patience; epoch++) {
    shuffle(order);
    let loss = 0;
    for (let from = 0; from < x.rows; from += batchRows) {
      const batch = order.subarray(from, from + batchRows);
      loss += network.backPropagate(batch) / x.rows;
      adam.step(network.slopes);
    }
    if (!Number.isFinite(loss)) break;
    idle = loss > best - tolerance ? idle + 1 : 0;
    best = Math.min(best, loss);
  }
  weights.set(network.weights);
}

class Network {
  readonly weights: Float64Array;
  /** Of the loss, by each weight. */
  readonly slopes: Float64Array;
  readonly #training: Training;
  /** The weights of the columns with those of one column together, for all hidden units, and the biases after them; and the slopes. */
  readonly #byColumn: Float64Array;
  readonly #slopesByColumn: Float64Array;
  /** Of each row of a batch: the hidden units and their errors. */
  readonly #units: Float64Array;
  readonly #unitErrors: Float64Array;
  /** Of each row of a batch: outputs, and then their errors. */
  readonly #outputs: Float64Array;
  readonly #sum: RowSum;

  constructor(training: Training, count: number) {
    const { x, y, hidden } = training;
    const rows = Math.min(x.rows, batchRows);
    const [all, units] = [hidden * (x.columns + 1), rows * hidden];
    const sum = new RowSum(Math.max(rows, x.columns, y.columns), [
      x.values.length,
      count,
      count,
      all,
      all,
      units,
      units,
    ]);
    const [values, weights, slopes, byColumn, slopesByColumn, ofUnits, unitErrors] = sum.arrays;
    values.set(x.values);
    this.#sum = sum;
    this.#training = { ...training, x: { ...x, values } };
    this.weights = weights;
    this.slopes = slopes;
    this.#byColumn = byColumn;
    this.#slopesByColumn = slopesByColumn;
    this.#units = ofUnits;
    this.#unitErrors = unitErrors;
    this.#outputs = new Float64Array(rows * y.columns);
  }

  /** @returns the rows' loss, the penalty included, times their number */
  backPropagate(batch: Int32Array): number {
    const { x, y } = this.#training;
    this.slopes.fill(0);
    this.#sortByColumn();
    let loss = 0;
    batch.forEach((row, place) => {
      const outputs = this.#outputs.subarray(place * y.columns, (place + 1) * y.columns);
      this.#forward(x.values.subarray(row * x.columns, (row + 1) * x.columns), place, outputs);
      loss += this.#answer(row, outputs);
      this.#backward(place, outputs);
    });
    this.#slopesOfColumns(batch);
    this.#slopesOfUnits(batch.length);
    return loss + this.#penalize(batch.length);
  }

  #sortByColumn(): void {
    const { x, hidden } = this.#training;
    for (let h = 0, at = 0; h < hidden; h++)
      for (let c = 0, to = h; c <= x.columns; c++, to += hidden) this.#byColumn[to] = this.weights[at++]!;
  }

  #forward(row: Float64Array, place: number, outputs: Float64Array): void {
    const { hidden } = this.#training;
    const units = this.#units.subarray(place * hidden, (place + 1) * hidden);
    units.set(this.#byColumn.subarray(row.length * hidden));
    for (let c = 0; c < row.length; c++) this.#sum.take(c * hidden, row[c]!);
    this.#sum.addTo(units, this.#byColumn);
    for (let h = 0; h < hidden; h++) if (!(units[h]! > 0)) units[h] = 0;
    let at = hidden * (row.length + 1);
    for (let o = 0; o < outputs.length; o++) {
      let sum = 0;
      for (let h = 0; h < hidden; h++) sum += this.weights[at + h]! * units[h]!;
      at += hidden;
      outputs[o] = sum + this.weights[at++]!;
    }
  }

  /** Turns outputs into their errors, which are the slopes of the loss by them. @returns the loss */
  #answer(row: number, outputs: Float64Array): number {
    const { y, kind } = this.#training;
    const from = row * y.columns;
    if (kind === "classes") probabilities(outputs);
    let loss = 0;
    for (let o = 0; o < outputs.length; o++) {
      const [answer, wanted] = [outputs[o]!, y.values[from + o]!];
      if (kind === "number") loss += 0.5 * (answer - wanted) ** 2;
      else if (wanted === 1) loss -= logarithm(answer);
      else if (outputs.length === 1) loss -= logarithm(1 - answer);
      outputs[o] = answer - wanted;
    }
    return loss;
  }

  /** From the errors of the outputs to those of the units. */
  #backward(place: number, outputs: Float64Array): void {
    const { x, hidden } = this.#training;
    const errors = this.#unitErrors.subarray(place * hidden, (place + 1) * hidden).fill(0);
    const first = hidden * (x.columns + 1);
    for (let o = 0; o < outputs.length; o++) this.#sum.take(first + o * (hidden + 1), outputs[o]!);
    this.#sum.addTo(errors, this.weights);
    // A unit that is 0 passes nothing back.
    for (let h = 0, at = place * hidden; h < hidden; h++, at++) if (this.#units[at] === 0) errors[h] = 0;
  }

  #slopesOfColumns(batch: Int32Array): void {
    const { x, hidden } = this.#training;
    const [sum, byColumn, errors] = [this.#sum, this.#slopesByColumn, this.#unitErrors];
    byColumn.fill(0);
    for (let c = 0; c <= x.columns; c++) {
      // The last ones are those of the biases.
      for (let i = 0; i < batch.length; i++)
        sum.take(i * hidden, c === x.columns ? 1 : x.values[batch[i]! * x.columns + c]!);
      sum.addTo(byColumn.subarray(c * hidden, (c + 1) * hidden), errors);
    }
    for (let h = 0, at = 0; h < hidden; h++)
      for (let c = 0, from = h; c <= x.columns; c++, from += hidden) this.slopes[at++] = byColumn[from]!;
  }

  #slopesOfUnits(rows: number): void {
    const { x, y, hidden } = this.#training;
    for (let o = 0, from = hidden * (x.columns + 1); o < y.columns; o++, from += hidden + 1) {
      for (let i = 0; i < rows; i++) {
        const error = this.#outputs[i * y.columns + o]!;
        this.#sum.take(i * hidden, error);
        this.slopes[from + hidden]! += error;
      }
      this.#sum.addTo(this.slopes.subarray(from, from + hidden), this.#units);
    }
  }

  /** Makes sums over the rows means, and adds the penalty's share. @returns the penalty, times the rows */
  #penalize(rows: number): number {
    const { x, hidden, alpha } = this.#training;
    const [weights, slopes] = [this.weights, this.slopes];
    let [squares, at] = [0, 0];
    while (at < weights.length) {
      const inputs = at < hidden * (x.columns + 1) ? x.columns : hidden;
      for (const end = at + inputs; at < end; at++) {
        const weight = weights[at]!;
        squares += weight * weight;
        slopes[at] = (slopes[at]! + alpha * weight) / rows;
      }
      slopes[at++]! /= rows;
    }
    return 0.5 * alpha * squares;
  }
}

class Adam {
  readonly #weights: Float64Array;
  readonly #learningRate: number;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;
  #steps = 0;

  constructor(weights: Float64Array, learningRate: number) {
    this.#weights = weights;
    this.#learningRate = learningRate;
    this.#means = new Float64Array(weights.length);
    this.#squares = new Float64Array(weights.length);
  }

  step(slopes: Float64Array): void {
    this.#steps += 1;
    const rate = (this.#learningRate * Math.sqrt(1 - beta2 ** this.#steps)) / (1 - beta1 ** this.#steps);
    const [weights, means, squares] = [this.#weights, this.#means, this.#squares];
    for (let i = 0; i < weights.length; i++) {
      const slope = slopes[i]!;
      const mean = beta1 * means[i]! + (1 - beta1) * slope;
      const square = beta2 * squares[i]! + (1 - beta2) * slope * slope;
      means[i] = mean;
      squares[i] = square;
      weights[i]! -= (rate * mean) / (Math.sqrt(square) + least);
    }
  }
}

/** One output becomes a sigmoid, several their softmax. */
function probabilities(outputs: Float64Array): void {
  if (outputs.length === 1) {
    outputs[0] = 1 / (1 + Math.exp(-outputs[0]!));
    return;
  }
  let greatest = -Infinity;
  for (let o = 0; o < outputs.length; o++) greatest = Math.max(greatest, outputs[o]!);
  let total = 0;
  for (let o = 0; o < outputs.length; o++) total += outputs[o] = Math.exp(outputs[o]! - greatest);
  for (let o = 0; o < outputs.length; o++) outputs[o]! /= total;
}

const logarithm = (probability: number): number =>
  Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability)));
