/** Triangular factors of symmetric matrices, by ml-matrix, as a plain array that inner loops can run over. */
import { CholeskyDecomposition, Matrix as Plain } from "ml-matrix";

/** The lower triangle, row by row in a square; undefined where the matrix is not positive definite, or not finite. */
export function cholesky(symmetric: Float64Array, size: number): Float64Array | undefined {
  if (!symmetric.every(Number.isFinite)) return undefined;
  const decomposition = new CholeskyDecomposition(Plain.from1DArray(size, size, symmetric));
  if (!decomposition.isPositiveDefinite()) return undefined;
  return Float64Array.from(decomposition.lowerTriangularMatrix.to1DArray());
}

/** Solves L z = b in place, beginning with the first entry of b that is not 0. */
export function solveLower(lower: Float64Array, b: Float64Array, first = 0): void {
  const size = b.length;
  for (let i = first; i < size; i++) {
    let sum = b[i]!;
    for (let k = first, at = i * size + first; k < i; k++, at++) sum -= lower[at]! * b[k]!;
    b[i] = sum / lower[i * size + i]!;
  }
}

/** Solves L' z = b in place. */
export function solveUpper(lower: Float64Array, b: Float64Array): void {
  const size = b.length;
  for (let i = size - 1; i >= 0; i--) {
    const solved = (b[i]! /= lower[i * size + i]!);
    for (let k = 0, at = i * size; k < i; k++, at++) b[k]! -= lower[at]! * solved;
  }
}
