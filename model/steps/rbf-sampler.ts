/** Cosines of random sums of the columns: their products are about the likenesses of a radial basis function. */
import { LineError } from "../errors.ts";
import { asFields } from "../fields.ts";
import { vector, vectors } from "./arrays.ts";
import type { Step } from "./step.ts";

export interface FittedRbfSampler {
  /** For each column that comes out, a weight for each that goes in. */
  readonly weights: readonly (readonly number[])[];
  /** For each column that comes out, an angle. */
  readonly offsets: readonly number[];
}

export const rbfSampler: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const fields = asFields(fitted);
    const weights = vectors(fields, "weights", columns);
    if (weights.length === 0) throw new LineError("weights must not be empty");
    const offsets = vector(fields, "offsets", weights.length);
    const height = Math.sqrt(2 / weights.length);
    return {
      columns: weights.length,
      apply({ rows, values }) {
        const mapped = new Float64Array(rows * weights.length);
        for (let row = 0, to = 0; row < rows; row++) {
          for (let k = 0; k < weights.length; k++, to++) {
            const ofColumn = weights[k]!;
            let angle = offsets[k]!;
            for (let c = 0, at = row * columns; c < columns; c++, at++) angle += values[at]! * ofColumn[c]!;
            mapped[to] = height * Math.cos(angle);
          }
        }
        return { rows, columns: weights.length, values: mapped };
      },
    };
  },
};
