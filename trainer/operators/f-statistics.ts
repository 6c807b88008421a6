/**
 * How much each column tells about the target: variance between over variance within classes (scikit-learn's f_classif),
 * or explained over unexplained variance of a straight line (f_regression).
 */
import type { Matrix } from "../../model/steps/step.ts";
import { isConstant, moments } from "./columns.ts";
import { type FitInput, OperatorError } from "./operator.ts";
import { presentClasses, type PresentClasses } from "./targets.ts";

export interface FStatistics {
  /** By column; 0 where the column is constant, infinite where nothing is left to explain. */
  readonly statistics: Float64Array;
  readonly freedom: Freedom;
}
/** Degrees of freedom of numerator and denominator. */
export interface Freedom {
  readonly between: number;
  readonly within: number;
}
/** Sums of squares by column. */
interface Squares {
  readonly between: Float64Array;
  readonly within: Float64Array;
  readonly freedom: Freedom;
}

/** @throws {OperatorError} where there are too few rows or classes, or numbers too great to be squared */
export function fStatistics({ x, target }: FitInput): FStatistics {
  const { between, within, freedom } =
    target.problemType === "classification" ? ofClasses(x, presentClasses(target)) : ofLine(x, target.values);
  if (freedom.between < 1 || freedom.within < 1)
    throw new OperatorError(`${x.rows} rows are too few to tell by F statistics which columns matter`);
  const { means, variances } = moments(x);
  const statistics = between.map((explained, c) => {
    if (isConstant({ mean: means[c]!, variance: variances[c]!, rows: x.rows })) return 0;
    return explained / freedom.between / (within[c]! / freedom.within);
  });
  if (statistics.some(Number.isNaN)) throw new OperatorError("an F statistic is not a number: values are too great");
  return { statistics, freedom };
}

function ofClasses(x: Matrix, { counts, places }: PresentClasses): Squares {
  const { rows, columns, values } = x;
  const means = new Float64Array(counts.length * columns);
  for (let row = 0, at = 0; row < rows; row++)
    for (let c = 0; c < columns; c++, at++) means[places[row]! * columns + c]! += values[at]! / counts[places[row]!]!;
  const within = new Float64Array(columns);
  for (let row = 0, at = 0; row < rows; row++)
    for (let c = 0; c < columns; c++, at++) within[c]! += (values[at]! - means[places[row]! * columns + c]!) ** 2;
  const overall = moments(x).means;
  const between = overall.map((mean, c) =>
    counts.reduce((sum, count, k) => sum + count * (means[k * columns + c]! - mean) ** 2, 0),
  );
  return { between, within, freedom: { between: counts.length - 1, within: rows - counts.length } };
}

function ofLine(x: Matrix, y: Float64Array): Squares {
  const { rows, columns, values } = x;
  const { means, variances } = moments(x);
  const ofTarget = moments({ rows, columns: 1, values: y });
  const products = new Float64Array(columns);
  for (let row = 0, at = 0; row < rows; row++)
    for (let c = 0; c < columns; c++, at++) products[c]! += (values[at]! - means[c]!) * (y[row]! - ofTarget.means[0]!);
  /** Squares of the correlations; a constant column or target has none. */
  const between = products.map((product, c) => {
    const squares = variances[c]! * ofTarget.variances[0]! * rows ** 2;
    return squares === 0 ? 0 : Math.min(1, product ** 2 / squares);
  });
  return { between, within: between.map((share) => 1 - share), freedom: { between: 1, within: rows - 2 } };
}
