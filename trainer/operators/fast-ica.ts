/**
 * Independent components, as scikit-learn's FastICA (all at once, logcosh, unit variance): Hyvarinen and Oja, "Independent
 * component analysis: algorithms and applications", 2000. The directions in which the rows do not vary are left out, where
 * scikit-learn would divide by their rounding errors; so there are at most as many components as the columns have rank.
 */
import { Matrix as Square, SVD } from "ml-matrix";
import type { FittedProjection } from "../../model/steps/projection.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { random } from "../../traintask/random.ts";
import { centred, moments } from "./columns.ts";
import { eigen } from "./eigen.ts";
import { normals } from "./normal.ts";
import { finiteNumbers, type Operator, OperatorError } from "./operator.ts";

/** scikit-learn's `max_iter`: what has not come to rest by then is taken as it is. */
const maxRounds = 200;

export const fastIca: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  // TPOT's 0 is met by nothing, so it means 200 rounds: scikit-learn's default stands for it.
  parameters: { tol: [1e-4, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1] },
  fit({ x, seed }, parameters): FittedProjection {
    return independent(x, {
      tolerance: parameters.tol as number,
      first: (count) => normals(count * count, random(seed)),
    });
  },
};

export interface IcaOptions {
  readonly tolerance: number;
  /** What the unmixing matrix, count x count, begins with, row by row. */
  readonly first: (count: number) => Float64Array;
}

/** @throws {OperatorError} where no column varies */
export function independent(x: Matrix, { tolerance, first }: IcaOptions): FittedProjection {
  const mean = moments(x).means;
  const { whitening, white } = whiten(x, mean);
  let unmixing = decorrelate(Square.from1DArray(whitening.rows, whitening.rows, first(whitening.rows)));
  for (let round = 0; round < maxRounds; round++) {
    const next = decorrelate(contrast(unmixing, white));
    const change = changeOf(unmixing, next);
    unmixing = next;
    if (change < tolerance) break;
  }
  const sources = unmixing.mmul(white).to2DArray();
  const directions = unmixing.mmul(whitening).to2DArray();
  return {
    mean: finiteNumbers("the mean of a column", mean),
    directions: directions.map((direction, k) => {
      const deviation = Math.sqrt(sources[k]!.reduce((sum, value) => sum + value * value, 0)) / x.rows;
      return finiteNumbers(
        "a component",
        direction.map((weight) => weight / deviation),
      );
    }),
  };
}

/** @returns directions x columns, and the rows along them with mean square 1 (directions x rows) */
function whiten(x: Matrix, mean: Float64Array): { whitening: Square; white: Square } {
  const { rows, columns, values } = x;
  const byRow = Square.from1DArray(rows, columns, centred(x, mean));
  finiteNumbers("the variance of the columns", [byRow.dot(byRow)]);
  const { diagonal, rightSingularVectors: right } = new SVD(byRow, {
    computeLeftSingularVectors: false,
    autoTranspose: true,
  });
  // A column whose numbers are all equal still has the rounding errors of their mean.
  const size = values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
  const least = Math.max(rows, columns) * Number.EPSILON * Math.max(diagonal[0] ?? 0, size, 2 ** -900);
  const rank = diagonal.filter((value) => value > least).length;
  if (rank === 0) throw new OperatorError("needs a column that varies");
  const whitening = new Square(
    Array.from({ length: rank }, (_, k) => {
      const direction = right.getColumn(k);
      // A direction and its opposite are one: scikit-learn takes the one that begins above 0.
      const sign = direction[0]! < 0 ? -1 : 1;
      return direction.map((value) => (sign * value) / diagonal[k]!);
    }),
  );
  return { whitening, white: whitening.mmul(byRow.transpose()).mul(Math.sqrt(rows)) };
}

/** One step towards components that are less and less like the normal distribution. */
function contrast(unmixing: Square, white: Square): Square {
  const squashed = unmixing.mmul(white);
  const slopes: number[] = [];
  for (let k = 0; k < squashed.rows; k++) {
    let squares = 0;
    for (let row = 0; row < squashed.columns; row++) {
      const value = Math.tanh(squashed.get(k, row));
      squashed.set(k, row, value);
      squares += value * value;
    }
    slopes.push(1 - squares / squashed.columns);
  }
  return squashed.mmul(white.transpose()).div(white.columns).sub(unmixing.clone().mulColumnVector(slopes));
}

/** (W W')^-1/2 W, the closest matrix whose rows are orthogonal. */
function decorrelate(matrix: Square): Square {
  const { values, vectors } = eigen(matrix.mmul(matrix.transpose()));
  const roots = values.map((value) => 1 / Math.sqrt(Math.max(value, Number.MIN_VALUE)));
  return vectors.clone().mulRowVector(roots).mmul(vectors.transpose()).mmul(matrix);
}

function changeOf(before: Square, after: Square): number {
  let change = 0;
  for (let k = 0; k < before.rows; k++) {
    let along = 0;
    for (let i = 0; i < before.columns; i++) along += before.get(k, i) * after.get(k, i);
    change = Math.max(change, Math.abs(Math.abs(along) - 1));
  }
  return change;
}
