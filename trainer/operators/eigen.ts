/**
 * Eigenvalues of symmetric matrices, by ml-matrix. It multiplies and divides the matrix's numbers by one another, and loses
 * its way among those that are huge, or so small that they have few digits: so it is given numbers from 1 down to `least`.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** As a share of the greatest number; what is smaller is 0. */
const least = 1e-100;

export interface Eigen {
  readonly values: readonly number[];
  /** Its columns belong to the values. */
  readonly vectors: Matrix;
}

/** @param symmetric finite throughout */
export function eigen(symmetric: Matrix): Eigen {
  const unit = Math.max(symmetric.max(), -symmetric.min()) || 1;
  const scaled = Matrix.from1DArray(
    symmetric.rows,
    symmetric.columns,
    symmetric.to1DArray().map((value) => (Math.abs(value / unit) < least ? 0 : value / unit)),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scaled, { assumeSymmetric: true });
  return { values: realEigenvalues.map((value) => value * unit), vectors: eigenvectorMatrix };
}
