/**
 * Probabilities by the softmax of one weighted sum of the columns for each class. Of two classes the first one's sum is
 * always 0, and does not stand in the file.
 */
import { LineError } from "../errors.ts";
import { asFields } from "../fields.ts";
import { fittedClasses, vector, vectors } from "./arrays.ts";
import { classShares } from "./class-shares.ts";
import type { Step } from "./step.ts";

export interface FittedLogisticRegression {
  /** Codes of the classes that had rows, ascending; at least two. */
  readonly classes: readonly number[];
  /** One list for each of them (of two: for the second), with a number for each column. */
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
}

export const logisticRegression: Step = {
  kind: "predictor",
  read(fitted, { columns, classes }) {
    const fields = asFields(fitted);
    const codes = fittedClasses(fields, classes);
    const coefficients = vectors(fields, "coefficients", columns);
    const needed = codes.length === 2 ? 1 : codes.length;
    if (coefficients.length !== needed) throw new LineError(`coefficients must hold ${needed} lists`);
    const intercepts = vector(fields, "intercepts", needed);
    const wide = classes!;
    /** The first class that has a sum. */
    const first = codes.length - needed;
    return {
      columns: wide,
      apply: ({ rows, values }) =>
        classShares(rows, { codes, classes: wide }, (row, scores) => {
          scores.fill(0);
          for (let k = 0; k < needed; k++) {
            const weights = coefficients[k]!;
            let sum = intercepts[k]!;
            for (let c = 0, at = row * columns; c < columns; c++, at++) sum += values[at]! * weights[c]!;
            scores[first + k] = sum;
          }
        }),
    };
  },
};
