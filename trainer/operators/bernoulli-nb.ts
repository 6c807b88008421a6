/**
 * Naive Bayes over yes (above 0) and no, as scikit-learn's BernoulliNB: McCallum and Nigam, "A comparison of event models
 * for naive Bayes text classification", 1998.
 */
import type { FittedBernoulliNb } from "../../model/steps/bernoulli-nb.ts";
import { discreteNbParameters, fittedNb, logPriors, sumsByClass } from "./discrete-nb.ts";
import type { Operator } from "./operator.ts";
import { presentClasses } from "./targets.ts";

export const bernoulliNb: Operator = {
  kind: "predictor",
  problemTypes: ["classification"],
  parameters: discreteNbParameters,
  fit(input, parameters): FittedBernoulliNb {
    const alpha = parameters.alpha as number;
    const present = presentClasses(input.target);
    const yes = sumsByClass(input, present, (value) => (value > 0 ? 1 : 0));
    const priors = logPriors(present, parameters);
    /** The logarithm of the share of `count` among the rows of a class, `alpha` added to yes and to no. */
    const logShare = (count: number, k: number): number =>
      Math.log(count + alpha) - Math.log(present.counts[k]! + 2 * alpha);
    const no = yes.map((counts, k) => counts.map((count) => logShare(present.counts[k]! - count, k)));
    return fittedNb(present, {
      coefficients: yes.map((counts, k) => counts.map((count, c) => logShare(count, k) - no[k]![c]!)),
      intercepts: no.map((shares, k) => shares.reduce((sum, share) => sum + share, priors[k]!)),
    });
  },
};
