/** Appends the products of each column with itself and with every later one: x, y becomes x, y, x², xy, y². */
import { asFields } from "../fields.ts";
import type { Step } from "./step.ts";

/** Columns that come out where `columns` go in. */
export const polynomialColumns = (columns: number): number => columns + (columns * (columns + 1)) / 2;

export const polynomialFeatures: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    // There is nothing to know but that it was fitted.
    asFields(fitted);
    const wide = polynomialColumns(columns);
    return {
      columns: wide,
      apply({ rows, values }) {
        const powers = new Float64Array(rows * wide);
        for (let from = 0, at = 0; from < values.length; from += columns) {
          for (let c = from; c < from + columns; c++) powers[at++] = values[c]!;
          for (let c = from; c < from + columns; c++)
            for (let d = c; d < from + columns; d++) powers[at++] = values[c]! * values[d]!;
        }
        return { rows, columns: wide, values: powers };
      },
    };
  },
};
