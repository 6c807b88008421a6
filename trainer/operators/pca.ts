/**
 * Rotates the columns to where the variance is greatest, and keeps as many of the new ones as hold the share
 * `components` of it (all: 1), as scikit-learn's PCA. What ml-pca finds is unique but for the sign: the greatest
 * part of each direction is made positive.
 */
import { Matrix as Plain } from "ml-matrix";
import { PCA } from "ml-pca";
import type { FittedProjection } from "../../model/steps/projection.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { moments } from "./columns.ts";
import { finiteNumbers, type Operator, OperatorError } from "./operator.ts";

/** What less of the variance than this share of the first direction's is left over by rounding. */
const leastShare = 1e-12;

export const pca: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: { components: [1, 0.99, 0.95, 0.9, 0.8, 0.5] },
  bytes: ({ rows, columns }) => (3 * rows * columns + 4 * columns * Math.min(rows, columns)) * 8,
  fit({ x }, parameters): FittedProjection {
    const share = parameters["components"] as number;
    const mean = finiteNumbers("the mean of a column", moments(x).means);
    const found = x.rows > x.columns ? ofCovariance(x, mean) : ofRows(x, mean);
    const variances = found.getEigenvalues();
    if (!(variances[0]! > 0)) throw new OperatorError("all columns are constant");
    const total = variances.reduce((sum, variance) => sum + Math.max(0, variance), 0);
    const directions: number[][] = [];
    for (let k = 0, held = 0; k < variances.length; k++) {
      if (variances[k]! < leastShare * variances[0]! || (share < 1 && held > share * total)) break;
      directions.push(signed(found.getEigenvectors().getColumn(k)));
      held += variances[k]!;
    }
    return { mean, directions };
  },
};

/** Quick where there are more rows than columns. */
function ofCovariance(x: Matrix, mean: readonly number[]): PCA {
  const { rows, columns, values } = x;
  const sums = Array.from({ length: columns }, () => new Float64Array(columns));
  const centred = new Float64Array(columns);
  for (let row = 0, from = 0; row < rows; row++, from += columns) {
    for (let c = 0; c < columns; c++) centred[c] = values[from + c]! - mean[c]!;
    for (let c = 0; c < columns; c++) {
      const [sum, factor] = [sums[c]!, centred[c]! / rows];
      for (let d = c; d < columns; d++) sum[d]! += factor * centred[d]!;
    }
  }
  for (let c = 0; c < columns; c++) for (let d = 0; d < c; d++) sums[c]![d] = sums[d]![c]!;
  finiteNumbers(
    "the variance of the columns",
    sums.map((sum) => sum.reduce((a, b) => a + b)),
  );
  return new PCA(new Plain(sums), { isCovarianceMatrix: true });
}

function ofRows({ rows, columns, values }: Matrix, mean: readonly number[]): PCA {
  finiteNumbers("the variance of the columns", [
    values.reduce((sum, value, at) => sum + (value - mean[at % columns]!) ** 2, 0),
  ]);
  return new PCA(
    Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * columns, (row + 1) * columns))),
  );
}

function signed(direction: readonly number[]): number[] {
  const greatest = direction.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0);
  return finiteNumbers("a direction", greatest < 0 ? direction.map((part) => -part) : direction);
}
