/**
 * Sums of rows that are each taken some number of times, four rows in one loop: what is read and written most is the sum, and
 * that happens once for the four. Rows that are taken 0 times, of which data can be full, cost nothing.
 */
export class RowSum {
  readonly #froms: Int32Array;
  readonly #times: Float64Array;
  #count = 0;

  /** @param most how many rows can be in a sum */
  constructor(most: number) {
    this.#froms = new Int32Array(most + 3);
    this.#times = new Float64Array(most + 3);
  }

  /** @param from where among the values the row begins */
  take(from: number, times: number): void {
    if (times === 0) return;
    this.#froms[this.#count] = from;
    this.#times[this.#count++] = times;
  }

  /** Adds the rows that were taken to `sum`, which is as long as a row, and forgets them. */
  addTo(sum: Float64Array, values: Float64Array): void {
    const [froms, times, length] = [this.#froms, this.#times, sum.length];
    while (this.#count % 4 !== 0) {
      froms[this.#count] = 0;
      times[this.#count++] = 0;
    }
    for (let i = 0; i < this.#count; i += 4) {
      const [a, b, c, d] = [froms[i]!, froms[i + 1]!, froms[i + 2]!, froms[i + 3]!];
      const [timesA, timesB, timesC, timesD] = [times[i]!, times[i + 1]!, times[i + 2]!, times[i + 3]!];
      for (let k = 0; k < length; k++)
        sum[k]! +=
          timesA * values[a + k]! + timesB * values[b + k]! + timesC * values[c + k]! + timesD * values[d + k]!;
    }
    this.#count = 0;
  }
}

/** Rows x columns, row by row. */
export interface Rows {
  readonly x: Float64Array;
  readonly columns: number;
}

/** The lower triangle of X'WX, in a square, for weights of the rows of X. */
export function weightedSquares({ x, columns }: Rows, weights: Float64Array): Float64Array {
  const squares = new Float64Array(columns * columns);
  const rows = new RowSum(weights.length);
  for (let c = 0; c < columns; c++) {
    for (let row = 0, from = 0; row < weights.length; row++, from += columns)
      rows.take(from, weights[row]! * x[from + c]!);
    rows.addTo(squares.subarray(c * columns, c * columns + c + 1), x);
  }
  return squares;
}
