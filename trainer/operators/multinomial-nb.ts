/**
 * Naive Bayes over counts, as scikit-learn's MultinomialNB: Manning, Raghavan and Schuetze, "Introduction to information
 * retrieval", 2008, chapter 13.2. Numbers below 0 are no counts, and are refused.
 */
import type { FittedLogisticRegression } from "../../model/steps/logistic-regression.ts";
import { discreteNbParameters, fittedNb, logPriors, sumsByClass } from "./discrete-nb.ts";
import { type Operator, OperatorError } from "./operator.ts";
import { presentClasses } from "./targets.ts";

export const multinomialNb: Operator = {
  kind: "predictor",
  problemTypes: ["classification"],
  parameters: discreteNbParameters,
  fit(input, parameters): FittedLogisticRegression {
    const alpha = parameters.alpha as number;
    if (input.x.values.some((value) => value < 0))
      throw new OperatorError("takes counts, and a column has numbers below 0");
    const present = presentClasses(input.target);
    const coefficients = sumsByClass(input, present, (value) => value).map((counts) => {
      const all = counts.reduce((sum, count) => sum + count + alpha, 0);
      return counts.map((count) => Math.log(count + alpha) - Math.log(all));
    });
    return fittedNb(present, { coefficients, intercepts: logPriors(present, parameters) });
  },
};
