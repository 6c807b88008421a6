/**
 * Numbers of rows that were read in one pass, held until a column of them can be taken at a time: that is several times as
 * fast as to go from column to column in each row.
 */
import type { NumberBuilder } from "./column.ts";

/** Few enough for the processor's nearest cache. */
const mostNumbers = 2048;

export class NumberBlock {
  readonly #builders: readonly NumberBuilder[];
  /** Which cell of a row is whose. */
  readonly #cells: Int32Array;
  /** Row after row. */
  readonly #numbers: Float64Array;
  #filled = 0;

  /** @param columns each with the index of its cell in a row */
  constructor(columns: readonly { readonly index: number; readonly builder: NumberBuilder }[]) {
    this.#builders = columns.map(({ builder }) => builder);
    this.#cells = Int32Array.from(columns, ({ index }) => index);
    const rows = Math.max(1, Math.floor(mostNumbers / Math.max(1, columns.length)));
    this.#numbers = new Float64Array(rows * columns.length);
  }

  /** Takes the numbers of a row, if there is one for each column. @returns whether that is so */
  add(numbers: Float64Array): boolean {
    const [cells, held, begin] = [this.#cells, this.#numbers, this.#filled];
    for (let column = 0; column < cells.length; column++) {
      const value = numbers[cells[column]!]!;
      if (Number.isNaN(value)) return false;
      held[begin + column] = value;
    }
    this.#filled = begin + cells.length;
    if (this.#filled === held.length) this.flush();
    return true;
  }

  /** Hands over what is held. */
  flush(): void {
    const held = this.#numbers.subarray(0, this.#filled);
    this.#filled = 0;
    this.#builders.forEach((builder, column) => builder.pushEach(held, column, this.#builders.length));
  }
}
