/**
 * Classes by weighted sums of the columns, each of which tells one class from all others (of two classes: the second from
 * the first). A class's probability is the sigmoid of its sum, over the sum of all classes' sigmoids: what scikit-learn's
 * SGDClassifier says after training with the log loss. After any other loss the sums keep their order, as its
 * `decision_function` has it, but nothing has been calibrated.
 */
import { LineError } from "../errors.ts";
import { asFields } from "../fields.ts";
import { fittedClasses, vector, vectors } from "./arrays.ts";
import { classShares } from "./class-shares.ts";
import type { Step } from "./step.ts";

export interface FittedOneVsRest {
  /** Codes of the classes that had rows, ascending; at least two. */
  readonly classes: readonly number[];
  /** One list for each of them (of two: for the second), with a number for each column. */
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
}

/** So much of a sum goes into its score: where several sigmoids are as good as 1, it tells which class is ahead. */
const trace = 1e-9;

export const oneVsRest: Step = {
  kind: "predictor",
  read(fitted, { columns, classes }) {
    const fields = asFields(fitted);
    const codes = fittedClasses(fields, classes);
    if (codes.length < 2) throw new LineError("classes must be at least two");
    const coefficients = vectors(fields, "coefficients", columns);
    const needed = codes.length === 2 ? 1 : codes.length;
    if (coefficients.length !== needed) throw new LineError(`coefficients must hold ${needed} lists`);
    const intercepts = vector(fields, "intercepts", needed);
    const wide = classes!;
    return {
      columns: wide,
      apply: ({ rows, values }) =>
        classShares(rows, { codes, classes: wide }, (row, scores) => {
          for (let k = 0; k < needed; k++) {
            const weights = coefficients[k]!;
            let sum = intercepts[k]!;
            for (let c = 0, at = row * columns; c < columns; c++, at++) sum += values[at]! * weights[c]!;
            // Infinite parts of both signs say nothing.
            scores[k] = Number.isNaN(sum) ? 0 : sum;
          }
          if (needed === 1) {
            scores[1] = scores[0]!;
            scores[0] = 0;
          } else logSigmoids(scores);
        }),
    };
  },
};

/** Their softmax is the sigmoids' shares. */
function logSigmoids(sums: Float64Array): void {
  for (let k = 0; k < sums.length; k++) {
    const sum = sums[k]!;
    sums[k] = Math.min(0, sum) - Math.log1p(Math.exp(-Math.abs(sum))) + trace * sum;
  }
}
