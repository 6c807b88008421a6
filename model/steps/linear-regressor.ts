/** A weighted sum of the columns: every linear model of a number, however its weights were found. */
import { LineError } from "../errors.ts";
import { asFields, finite } from "../fields.ts";
import { vector } from "./arrays.ts";
import type { Step } from "./step.ts";

export interface FittedLinearRegressor {
  /** One for each column. */
  readonly coefficients: readonly number[];
  readonly intercept: number;
}

export const linearRegressor: Step = {
  kind: "predictor",
  read(fitted, { columns, classes }) {
    if (classes !== undefined) throw new LineError("tells a number, and the target is a class");
    const fields = asFields(fitted);
    const coefficients = vector(fields, "coefficients", columns);
    const intercept = finite({ intercept: [fields["intercept"]] }, "intercept")[0]!;
    return {
      columns: 1,
      apply({ rows, values }) {
        const sums = new Float64Array(rows);
        for (let row = 0, at = 0; row < rows; row++) {
          let sum = intercept;
          for (let c = 0; c < columns; c++) sum += values[at++]! * coefficients[c]!;
          sums[row] = sum;
        }
        return { rows, columns: 1, values: sums };
      },
    };
  },
};
