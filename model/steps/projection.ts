/** Takes the mean from each column and projects the rest on some directions: PCA, and whatever else rotates. */
import { LineError } from "../errors.ts";
import { asFields } from "../fields.ts";
import { vector, vectors } from "./arrays.ts";
import type { Step } from "./step.ts";

export interface FittedProjection {
  /** What is taken from each column. */
  readonly mean: readonly number[];
  /** One for each column that comes out, with a number for each that goes in. */
  readonly directions: readonly (readonly number[])[];
}

export const projection: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const fields = asFields(fitted);
    const mean = vector(fields, "mean", columns);
    const directions = vectors(fields, "directions", columns);
    if (directions.length === 0) throw new LineError("directions must not be empty");
    return {
      columns: directions.length,
      apply({ rows, values }) {
        const projected = new Float64Array(rows * directions.length);
        const centred = new Float64Array(columns);
        for (let row = 0, at = 0; row < rows; row++) {
          for (let c = 0; c < columns; c++) centred[c] = values[row * columns + c]! - mean[c]!;
          for (const direction of directions) {
            let sum = 0;
            for (let c = 0; c < columns; c++) sum += centred[c]! * direction[c]!;
            projected[at++] = sum;
          }
        }
        return { rows, columns: directions.length, values: projected };
      },
    };
  },
};
