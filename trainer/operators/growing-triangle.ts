/**
 * The triangular factor L of a matrix of products, L L' = X'X, while columns of X come and go: one that comes adds a row to
 * it, one that goes takes its row away, and rotations make a triangle of the rest (Golub and Van Loan, "Matrix
 * Computations", 6.5.4).
 */
export class GrowingTriangle {
  /** Row i has i + 1 numbers. */
  readonly #rows: Float64Array[] = [];

  /**
   * @param products of the new column with those here, in their order, and with itself
   * @param least how much of the new column has to be at a right angle to those here
   * @returns false, with nothing added, where it has less
   */
  add(products: Float64Array, least: number): boolean {
    const size = this.#rows.length;
    const row = products.slice();
    let square = row[size]!;
    for (let i = 0; i < size; i++) {
      const other = this.#rows[i]!;
      let sum = row[i]!;
      for (let k = 0; k < i; k++) sum -= other[k]! * row[k]!;
      row[i] = sum / other[i]!;
      square -= row[i]! ** 2;
    }
    // Rounding can make it a little less than 0.
    row[size] = Math.sqrt(Math.abs(square));
    if (!(row[size] >= least)) return false;
    this.#rows.push(row);
    return true;
  }

  remove(place: number): void {
    const rows = this.#rows;
    rows.splice(place, 1);
    for (let k = place; k < rows.length; k++) {
      const [a, b] = [rows[k]![k]!, rows[k]![k + 1]!];
      const length = Math.hypot(a, b);
      const [cosine, sine] = [a / length, b / length];
      for (let i = k; i < rows.length; i++) {
        const row = rows[i]!;
        const [left, right] = [row[k]!, row[k + 1]!];
        row[k] = cosine * left + sine * right;
        row[k + 1] = cosine * right - sine * left;
      }
      rows[k] = rows[k]!.subarray(0, k + 1);
    }
  }

  /** Solves L L' w = b; answers w, and b'w. */
  solve(b: ArrayLike<number>): { solution: Float64Array; product: number } {
    const solution = Float64Array.from(b);
    let product = 0;
    for (let i = 0; i < solution.length; i++) {
      const row = this.#rows[i]!;
      let sum = solution[i]!;
      for (let k = 0; k < i; k++) sum -= row[k]! * solution[k]!;
      solution[i] = sum / row[i]!;
      product += solution[i]! ** 2;
    }
    for (let i = solution.length - 1; i >= 0; i--) {
      const row = this.#rows[i]!;
      const solved = (solution[i]! /= row[i]!);
      for (let k = 0; k < i; k++) solution[k]! -= row[k]! * solved;
    }
    return { solution, product };
  }
}
