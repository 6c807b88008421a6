/**
 * Rotates the columns to where the variance is greatest, and keeps as many of the new ones as hold the share
 * `components` of it (all: 1), as scikit-learn's PCA. What ml-pca finds is unique but for the sign: the greatest
 * part of each direction is made positive.
 */
import { PCA } from "ml-pca";
import type { FittedProjection } from "../../model/steps/projection.ts";
import { isConstant, moments } from "./columns.ts";
import { finiteNumbers, type Operator, OperatorError } from "./operator.ts";

/** A direction with less than this share of the first one's variance is left over by rounding. */
const leastShare = 1e-20;

export const pca: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  // TPOT's grid has the iterations of a randomized solver instead, and keeps all components.
  parameters: { components: [1, 0.99, 0.95, 0.9, 0.8, 0.5] },
  bytes: ({ rows, columns }) => (4 * rows * columns + 4 * columns * Math.min(rows, columns)) * 8,
  fit({ x }, parameters): FittedProjection {
    const { rows, columns, values } = x;
    const share = parameters["components"] as number;
    const { means, variances: ofColumns } = moments(x);
    finiteNumbers("the variance of the columns", [ofColumns.reduce((a, b) => a + b)]);
    if (ofColumns.every((variance, c) => isConstant({ mean: means[c]!, variance, rows })))
      throw new OperatorError("all columns are constant");
    const found = new PCA(
      Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * columns, (row + 1) * columns))),
    );
    const variances = found.getEigenvalues();
    const total = variances.reduce((sum, variance) => sum + variance, 0);
    const directions: number[][] = [];
    for (let k = 0, held = 0; k < variances.length; k++) {
      if (variances[k]! < leastShare * variances[0]! || (share < 1 && held > share * total)) break;
      directions.push(signed(found.getEigenvectors().getColumn(k)));
      held += variances[k]!;
    }
    return { mean: Array.from(means), directions };
  },
};

function signed(direction: readonly number[]): number[] {
  const greatest = direction.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0);
  return finiteNumbers("a direction", greatest < 0 ? direction.map((part) => -part) : direction);
}
