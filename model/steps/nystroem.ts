/** Columns whose products are about a kernel's likenesses: how like a row is to some rows of the training, rotated. */
import { LineError } from "../errors.ts";
import { asFields, finiteNumber, text } from "../fields.ts";
import { vectors } from "./arrays.ts";
import { kernels } from "./kernels.ts";
import type { Step } from "./step.ts";

export interface FittedNystroem {
  readonly kernel: string;
  readonly gamma: number;
  /** Rows of the training, with a number for each column. */
  readonly basis: readonly (readonly number[])[];
  /** For each column that comes out, a weight for the likeness to each of these rows. */
  readonly rotation: readonly (readonly number[])[];
}

export const nystroem: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const fields = asFields(fitted);
    const name = text(fields, "kernel");
    const kernel = Object.hasOwn(kernels, name) ? kernels[name] : undefined;
    if (kernel === undefined) throw new LineError(`kernel must be one of ${Object.keys(kernels).join(", ")}`);
    const gamma = finiteNumber(fields, "gamma");
    const basis = vectors(fields, "basis", columns);
    const rotation = vectors(fields, "rotation", basis.length);
    if (rotation.length === 0) throw new LineError("rotation must not be empty");
    return {
      columns: rotation.length,
      apply({ rows, values }) {
        const mapped = new Float64Array(rows * rotation.length);
        const likeness = new Float64Array(basis.length);
        for (let row = 0, at = 0; row < rows; row++) {
          basis.forEach((other, i) => {
            const found = kernel({ values, from: row * columns, other }, gamma);
            // Beyond the range of numbers it says nothing; training met no such row.
            likeness[i] = Number.isFinite(found) ? found : 0;
          });
          for (const weights of rotation) {
            let sum = 0;
            for (let i = 0; i < weights.length; i++) sum += weights[i]! * likeness[i]!;
            mapped[at++] = sum;
          }
        }
        return { rows, columns: rotation.length, values: mapped };
      },
    };
  },
};
