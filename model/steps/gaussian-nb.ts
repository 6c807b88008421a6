/** Naive Bayes: within a class the columns are normal and independent, so each adds its log density to the class's score. */
import { LineError } from "../errors.ts";
import { asFields } from "../fields.ts";
import { fittedClasses, vector, vectors } from "./arrays.ts";
import { classShares } from "./class-shares.ts";
import type { Step } from "./step.ts";

export interface FittedGaussianNb {
  /** Codes of the classes that had rows, ascending. The other fields have an entry for each of them. */
  readonly classes: readonly number[];
  /** Shares of the rows, each above 0. */
  readonly priors: readonly number[];
  /** By column. */
  readonly means: readonly (readonly number[])[];
  /** By column, each above 0. */
  readonly variances: readonly (readonly number[])[];
}

export const gaussianNb: Step = {
  kind: "predictor",
  read(fitted, { columns, classes }) {
    const fields = asFields(fitted);
    const codes = fittedClasses(fields, classes);
    const priors = vector(fields, "priors", codes.length);
    const [means, variances] = [vectors(fields, "means", columns), vectors(fields, "variances", columns)];
    if (means.length !== codes.length || variances.length !== codes.length)
      throw new LineError(`means and variances must hold ${codes.length} lists`);
    if (!priors.every((prior) => prior > 0)) throw new LineError("priors must be above 0");
    if (!variances.every((ofClass) => ofClass.every((variance) => variance > 0)))
      throw new LineError("variances must be above 0");
    /** What a class's score is where the row is at its mean. */
    const peaks = variances.map((ofClass, k) =>
      ofClass.reduce((score, variance) => score - 0.5 * Math.log(2 * Math.PI * variance), Math.log(priors[k]!)),
    );
    const wide = classes!;
    return {
      columns: wide,
      apply: ({ rows, values }) =>
        classShares(rows, { codes, classes: wide }, (row, scores) => {
          for (let k = 0; k < codes.length; k++) {
            const [mean, variance] = [means[k]!, variances[k]!];
            let squares = 0;
            for (let c = 0, at = row * columns; c < columns; c++, at++)
              squares += (values[at]! - mean[c]!) ** 2 / variance[c]!;
            scores[k] = peaks[k]! - 0.5 * squares;
          }
        }),
    };
  },
};
