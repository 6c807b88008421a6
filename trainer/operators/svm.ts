/** What the solvers of linear support vector machines are given, and the loops that they share. */
import type { Matrix } from "../../model/steps/step.ts";
import type { Weights } from "./one-vs-rest.ts";
import { OperatorError } from "./operator.ts";

export interface SvmProblem {
  /** Its last column is 1 throughout: as in liblinear, the intercept is penalized like the coefficients. */
  readonly x: Matrix;
  /** What the rows are to be told by; of classes, 1 and -1. */
  readonly y: Float64Array;
  /** What a row's loss weighs against the penalty. */
  readonly C: number;
  readonly tolerance: number;
  /** Puts rows, or columns, in another order before each round. */
  readonly shuffle: (order: Int32Array) => void;
}

/** Rounds over the rows, or over the columns, at most: scikit-learn's `max_iter`. */
export const maxRounds = 1000;

/** @throws {OperatorError} where the numbers are too large to be squared */
export function withOnes({ rows, columns, values }: Matrix): Matrix {
  const wider = new Float64Array(rows * (columns + 1));
  for (let row = 0; row < rows; row++) {
    wider.set(values.subarray(row * columns, (row + 1) * columns), row * (columns + 1));
    wider[row * (columns + 1) + columns] = 1;
  }
  const whole = { rows, columns: columns + 1, values: wider };
  if (!squaredNorms(whole).every(Number.isFinite))
    throw new OperatorError("the squares of a row's numbers are not finite: scale the columns");
  return whole;
}

/** Whether a squared loss is better brought to its least value by its weights than by the dual. */
export function favoursNewton({ rows, columns }: Matrix): boolean {
  return rows >= columns - 1 && columns <= 201;
}

/** What the weights make of a row. */
export function output({ columns, values }: Matrix, row: number, weights: Float64Array): number {
  let sum = 0;
  for (let c = 0, at = row * columns; c < columns; c++, at++) sum += values[at]! * weights[c]!;
  return sum;
}

export function addRow(weights: Float64Array, { columns, values }: Matrix, from: { row: number; times: number }): void {
  for (let c = 0, at = from.row * columns; c < columns; c++, at++) weights[c]! += from.times * values[at]!;
}

export function squaredNorms(x: Matrix): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, row) =>
    output(x, row, x.values.subarray(row * x.columns, (row + 1) * x.columns)),
  );
}

/** The weight of the column of ones is the intercept. */
export function separate(weights: Float64Array): Weights {
  return { weights: weights.subarray(0, -1), intercept: weights.at(-1)! };
}
