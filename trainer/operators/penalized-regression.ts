/**
 * Linear regression with a penalty on absolute coefficients (`l1Ratio` 1: lasso; below: elastic net), as scikit-learn's
 * LassoCV and ElasticNetCV: of 100 strengths, from the least that leaves no coefficient down to a thousandth of it, the
 * one with the least error over 5 blocks of rows, each predicted by the others.
 */
import type { FittedLinearRegressor } from "../../model/steps/linear-regressor.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { CoordinateDescent } from "./coordinate-descent.ts";
import { type Design, designOf, dot } from "./design.ts";
import { finiteNumbers, OperatorError } from "./operator.ts";

const blocks = 5;
const strengths = 100;
const leastShare = 1e-3;
const maxIterations = 1000;
/** Below it the target is constant (NumPy's resolution). */
const noStrength = 1e-15;

export interface Penalization {
  /** Above 0, at most 1: how much of the penalty is on absolute values, the rest being on squares. */
  readonly l1Ratio: number;
  /** Duality gap at which a fit ends, as a share of the target's squares. */
  readonly tolerance: number;
  /** Whether columns are divided by their Euclidean norm first, in each block anew. */
  readonly normalize: boolean;
}

/** @throws {OperatorError} where there are fewer rows than blocks, or numbers too great to be squared */
export function penalizedRegression(x: Matrix, y: Float64Array, options: Penalization): FittedLinearRegressor {
  if (x.rows < blocks) throw new OperatorError(`${x.rows} rows cannot be divided into ${blocks} blocks`);
  const all = Int32Array.from({ length: x.rows }, (_, row) => row);
  const design = designOf(x, y, { rows: all, normalize: options.normalize });
  finiteNumbers("the square of a column or of the target", [...design.norms, design.squares]);
  const path = strengthsOf(design, options.l1Ratio);
  const errors = new Float64Array(path.length);
  for (let block = 0, from = 0; block < blocks; block++) {
    const to = from + Math.floor(x.rows / blocks) + (block < x.rows % blocks ? 1 : 0);
    const train = designOf(x, y, { rows: all.filter((row) => row < from || row >= to), normalize: options.normalize });
    const solve = solver(train, options);
    path.forEach((strength, i) => {
      const model = modelOf(train, solve(strength));
      errors[i]! += meanSquaredError(model, x.values.subarray(from * x.columns, to * x.columns), y.subarray(from, to));
    });
    from = to;
  }
  finiteNumbers("the error of a fit", errors);
  const best = errors.reduce((least, error, i) => (error < errors[least]! ? i : least), 0);
  const { coefficients, intercept } = modelOf(design, solver(design, options)(path[best]!));
  return {
    coefficients: finiteNumbers("a coefficient", coefficients),
    intercept: finiteNumbers("the intercept", [intercept])[0]!,
  };
}

/** Descending, equally far from each other on the logarithmic scale. */
function strengthsOf({ columns, y }: Design, l1Ratio: number): Float64Array {
  const greatest = columns.reduce((most, column) => Math.max(most, Math.abs(dot(column, y))), 0) / (y.length * l1Ratio);
  if (greatest <= noStrength) return new Float64Array(1).fill(noStrength);
  return Float64Array.from({ length: strengths }, (_, i) => greatest * leastShare ** (i / (strengths - 1)));
}

function solver(design: Design, { l1Ratio, tolerance }: Penalization): (strength: number) => Float64Array {
  const descent = new CoordinateDescent(design, { tolerance, maxIterations });
  const rows = design.y.length;
  return (strength) => descent.solve({ l1: strength * l1Ratio * rows, l2: strength * (1 - l1Ratio) * rows });
}

interface Linear {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/** A model of the columns as they were. */
function modelOf({ means, scales, yMean }: Design, weights: Float64Array): Linear {
  const coefficients = weights.map((weight, c) => weight / scales[c]!);
  return { coefficients, intercept: yMean - dot(coefficients, means) };
}

function meanSquaredError({ coefficients, intercept }: Linear, values: Float64Array, y: Float64Array): number {
  let error = 0;
  for (let row = 0, at = 0; row < y.length; row++) {
    let residual = intercept - y[row]!;
    for (let c = 0; c < coefficients.length; c++, at++) residual += values[at]! * coefficients[c]!;
    error += residual ** 2 / y.length;
  }
  return error;
}
