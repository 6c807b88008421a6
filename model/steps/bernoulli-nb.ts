/** Naive Bayes over yes and no: what a number says of a class is only whether it is above 0. */
import { type FittedLogisticRegression, logisticRegression } from "./logistic-regression.ts";
import type { Step } from "./step.ts";

/** The score of a class is a sum over the columns that are above 0. */
export type FittedBernoulliNb = FittedLogisticRegression;

export const bernoulliNb: Step = {
  kind: "predictor",
  read(fitted, shape) {
    const scores = logisticRegression.read(fitted, shape);
    return {
      columns: scores.columns,
      apply: (input) => scores.apply({ ...input, values: input.values.map((value) => (value > 0 ? 1 : 0)) }),
    };
  },
};
