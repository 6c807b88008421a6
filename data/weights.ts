/** The column of row weights: how much each row counts. A row without one, or with one that is no weight, is refused. */
import { NumberBuilder } from "./column.ts";
import { cellText } from "./csv.ts";
import type { CsvRow } from "./csv-row.ts";
import { cellPosition, DataError, quoted } from "./error.ts";

/** Beyond it, sums of weights over all rows could pass what a double can hold. */
const maxWeight = 1e150;

export class WeightBuilder {
  readonly #numbers: NumberBuilder;

  /** @param decimal the decimal mark */
  constructor(name: string, decimal: string) {
    this.#numbers = new NumberBuilder(name, { decimal, advice: "A weight is a finite number of at least 0." });
  }

  /** @throws DataError where the cell is no weight */
  push(row: CsvRow, cell: number): void {
    const weight = this.#numbers.push(row, cell);
    if (weight >= 0 && weight <= maxWeight) return;
    const text = quoted(cellText(row, cell));
    const what = Number.isNaN(weight)
      ? "The row has no weight. Fill it in, or remove the row."
      : weight < 0
        ? `${text} is a negative weight: weights are at least 0.`
        : `${text} is too large for a weight: at most 1e150.`;
    throw new DataError(what, cellPosition(row, this.#numbers.name));
  }

  /** @throws DataError where no row counts */
  finish(): Float64Array<ArrayBuffer> {
    const weights = this.#numbers.finish();
    if (weights.some((weight) => weight > 0)) return weights;
    throw new DataError("Every weight is 0: no row counts.", { column: this.#numbers.name });
  }
}
