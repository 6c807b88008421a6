/**
 * The mean log loss of classes told by weighted sums, with a penalty on squares, and about the inverse of its second
 * derivatives: those of one sum's weights with those of another are left out, so it is one small matrix for each sum.
 */
import { cholesky, solveLower, solveUpper } from "./cholesky.ts";
import type { Inverse, Objective } from "./l-bfgs.ts";
import { weightedSquares } from "./row-sum.ts";

/** Rows that a sum tells more surely than this bend its loss too little to count. */
const leastWeight = 1e-9;

/** A point holds the weights of one sum after the other, `columns` each. */
export interface LogisticProblem {
  /** Rows x columns, row by row. */
  readonly x: Float64Array;
  readonly columns: number;
  /** The class of each row. */
  readonly places: Int32Array;
  /** As many as there are classes, or 1 for the second of two. */
  readonly sums: number;
  /** On half the square of each column's weights. */
  readonly penalties: Float64Array;
}

export function lossOf(problem: LogisticProblem): Objective {
  const { x, columns, places, sums, penalties } = problem;
  const shares = new Float64Array(sums);
  const rows = places.length;
  return (point, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const place = places[row]!;
      loss += toShares(scored(shares, problem, { point, row }), place) / rows;
      for (let k = 0, at = 0; k < sums; k++) {
        const slope = (shares[k]! - (k === (sums === 1 ? 1 - place : place) ? 1 : 0)) / rows;
        for (let c = row * columns; c < (row + 1) * columns; c++, at++) gradient[at]! += slope * x[c]!;
      }
    }
    for (let k = 0, at = 0; k < sums; k++) {
      for (let c = 0; c < columns; c++, at++) {
        loss += 0.5 * penalties[c]! * point[at]! ** 2;
        gradient[at]! += penalties[c]! * point[at]!;
      }
    }
    return loss;
  };
}

/** About the inverse of the second derivatives; of two classes, very nearly all of it. */
export function inverseOf(problem: LogisticProblem): (point: Float64Array) => Inverse {
  const { columns, places, sums, penalties } = problem;
  const shares = new Float64Array(sums);
  return (point) => {
    const weights = Array.from({ length: sums }, () => new Float64Array(places.length));
    for (let row = 0; row < places.length; row++) {
      toShares(scored(shares, problem, { point, row }), 0);
      for (let k = 0; k < sums; k++) {
        const weight = shares[k]! * (1 - shares[k]!);
        if (weight > leastWeight) weights[k]![row] = weight / places.length;
      }
    }
    const lowers = weights.map((ofRows) => {
      const squares = weightedSquares(problem, ofRows);
      for (let c = 0; c < columns; c++) squares[c * columns + c]! += penalties[c]! + Number.EPSILON;
      return cholesky(squares, columns);
    });
    return (direction) => {
      lowers.forEach((lower, k) => {
        if (lower === undefined) return;
        const ofSum = direction.subarray(k * columns, (k + 1) * columns);
        solveLower(lower, ofSum);
        solveUpper(lower, ofSum);
      });
    };
  };
}

/** Fills in the sums of a row. */
function scored(
  scores: Float64Array,
  { x, columns }: LogisticProblem,
  { point, row }: { point: Float64Array; row: number },
): Float64Array {
  for (let k = 0, at = 0; k < scores.length; k++) {
    let sum = 0;
    for (let c = row * columns; c < (row + 1) * columns; c++, at++) sum += x[c]! * point[at]!;
    scores[k] = sum;
  }
  return scores;
}

/** Makes of a row's sums the probabilities of the classes (of one sum: of the second class). Answers the loss. */
function toShares(scores: Float64Array, place: number): number {
  // The first of two classes has the sum 0 always.
  let greatest = scores.length === 1 ? 0 : -Infinity;
  for (let k = 0; k < scores.length; k++) greatest = Math.max(greatest, scores[k]!);
  const ofTruth = scores.length > 1 ? scores[place]! : place * scores[0]!;
  let total = scores.length === 1 ? Math.exp(-greatest) : 0;
  for (let k = 0; k < scores.length; k++) total += scores[k] = Math.exp(scores[k]! - greatest);
  for (let k = 0; k < scores.length; k++) scores[k]! /= total;
  return Math.log(total) + greatest - ofTruth;
}
