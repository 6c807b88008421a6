/** Triangular factors of symmetric matrices, in plain arrays that inner loops can run over. */

/**
 * The lower triangle, row by row in a square; undefined where the matrix is not positive definite, or not finite. Of the
 * matrix itself no more than the lower triangle is read.
 */
export function cholesky(symmetric: Float64Array, size: number): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      // Two sums, so that one addition need not wait for the other.
      let [sum, odd, k] = [symmetric[row + j]!, 0, 0];
      for (; k + 1 < j; k += 2) {
        sum -= lower[row + k]! * lower[other + k]!;
        odd -= lower[row + k + 1]! * lower[other + k + 1]!;
      }
      if (k < j) sum -= lower[row + k]! * lower[other + k]!;
      sum += odd;
      if (j < i) lower[row + j] = sum / lower[other + j]!;
      else if (sum > 0 && sum < Infinity) lower[row + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return lower;
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
