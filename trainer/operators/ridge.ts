/**
 * Least squares with a penalty on the squares of the coefficients, as scikit-learn's RidgeCV: of three penalties the one
 * with the least error on rows left out, which takes no second fit (Rifkin and Lippert, "Notes on regularized least
 * squares", 2007). With C = X'X + alpha I, the error of row i without itself is its residual over
 * 1 - 1/n - x_i' C^-1 x_i. Where columns are not fewer than rows, G = XX' + alpha I is the smaller one, and the error is
 * (G^-1 y)_i over (G^-1)_ii - 1/(alpha n).
 */
import type { FittedLinearRegressor } from "../../model/steps/linear-regressor.ts";
import { cholesky, solveLower, solveUpper } from "./cholesky.ts";
import { centred, moments } from "./columns.ts";
import { finiteNumbers, type Operator, OperatorError } from "./operator.ts";
import { targetValues } from "./targets.ts";

const alphas = [0.1, 1, 10];

/** Rows x columns, row by row, each column with mean 0; so has y. */
interface Problem {
  readonly rows: number;
  readonly columns: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}
interface Solution {
  readonly coefficients: Float64Array;
  /** Mean squared error over rows left out, each in turn. */
  readonly error: number;
}

export const ridge: Operator = {
  kind: "predictor",
  problemTypes: ["regression"],
  parameters: {},
  bytes: ({ rows, columns }) => (rows * columns + 6 * Math.min(rows, columns) ** 2) * 8,
  fit({ x, target }): FittedLinearRegressor {
    const y = { rows: x.rows, columns: 1, values: targetValues(target) };
    if (x.rows < 2) throw new OperatorError("ridge needs at least 2 rows");
    const [{ means }, mean] = [moments(x), moments(y).means[0]!];
    const problem = { rows: x.rows, columns: x.columns, x: centred(x, means), y: centred(y, [mean]) };
    const solve = x.rows > x.columns ? solverOfColumns(problem) : solverOfRows(problem);
    let best: Solution | undefined;
    for (const alpha of alphas) {
      const solution = solve(alpha);
      if (solution !== undefined && !(solution.error >= (best?.error ?? Infinity))) best = solution;
    }
    if (best === undefined || !Number.isFinite(best.error))
      throw new OperatorError("the columns are too nearly the same, or too great, for ridge");
    const coefficients = finiteNumbers("a coefficient", best.coefficients);
    const intercept = coefficients.reduce((sum, coefficient, c) => sum - coefficient * means[c]!, mean);
    return { coefficients, intercept: finiteNumbers("the intercept", [intercept])[0]! };
  },
};

/** Answers undefined where rounding leaves no solution. */
type Solver = (alpha: number) => Solution | undefined;

function solverOfColumns({ rows, columns, x, y }: Problem): Solver {
  const squares = new Float64Array(columns * columns);
  const products = new Float64Array(columns);
  for (let row = 0, from = 0; row < rows; row++, from += columns) {
    for (let c = 0; c < columns; c++) {
      const value = x[from + c]!;
      products[c]! += value * y[row]!;
      for (let d = 0, at = c * columns; d <= c; d++, at++) squares[at]! += value * x[from + d]!;
    }
  }
  return (alpha) => {
    const lower = cholesky(withDiagonal(squares, columns, alpha), columns);
    if (lower === undefined) return undefined;
    const coefficients = products.slice();
    solveLower(lower, coefficients);
    solveUpper(lower, coefficients);
    const solved = new Float64Array(columns);
    let error = 0;
    for (let row = 0; row < rows; row++) {
      solved.set(x.subarray(row * columns, (row + 1) * columns));
      const residual = y[row]! - dot(solved, coefficients);
      solveLower(lower, solved);
      error += (residual / (1 - 1 / rows - dot(solved, solved))) ** 2 / rows;
    }
    return { coefficients, error };
  };
}

function solverOfRows({ rows, columns, x, y }: Problem): Solver {
  const ofRow = (row: number): Float64Array => x.subarray(row * columns, (row + 1) * columns);
  const squares = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) for (let k = 0; k <= i; k++) squares[i * rows + k] = dot(ofRow(i), ofRow(k));
  return (alpha) => {
    const lower = cholesky(withDiagonal(squares, rows, alpha), rows);
    if (lower === undefined) return undefined;
    const weights = y.slice();
    solveLower(lower, weights);
    solveUpper(lower, weights);
    const solved = new Float64Array(rows);
    let error = 0;
    for (let row = 0; row < rows; row++) {
      solved.fill(0)[row] = 1;
      solveLower(lower, solved, row);
      error += (weights[row]! / (dot(solved, solved) - 1 / (alpha * rows))) ** 2 / rows;
    }
    const coefficients = new Float64Array(columns);
    for (let row = 0, at = 0; row < rows; row++)
      for (let c = 0; c < columns; c++, at++) coefficients[c]! += x[at]! * weights[row]!;
    return { coefficients, error };
  };
}

/** A symmetric matrix of its lower triangle, with alpha added to the diagonal. */
function withDiagonal(triangle: Float64Array, size: number, alpha: number): Float64Array {
  const whole = triangle.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) whole[k * size + i] = whole[i * size + k]!;
    whole[i * size + i]! += alpha;
  }
  return whole;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
