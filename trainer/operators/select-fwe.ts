/**
 * Keeps the columns whose F statistic is too great for chance, as scikit-learn's SelectFwe: with a chance of `alpha` at
 * most, any column without a meaning is among them.
 */
import type { FittedSelection } from "../../model/steps/selection.ts";
import { fSurvival } from "./f-distribution.ts";
import { fStatistics } from "./f-statistics.ts";
import { type Operator, OperatorError } from "./operator.ts";

export const selectFwe: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: { alpha: [0.05, 0.001, 0.005, 0.01, 0.02, 0.03, 0.04] },
  fit(input, parameters): FittedSelection {
    const alpha = parameters["alpha"] as number;
    const { statistics, freedom } = fStatistics(input);
    const kept = [...statistics.keys()].filter((c) => fSurvival(statistics[c]!, freedom) < alpha / statistics.length);
    if (kept.length === 0) throw new OperatorError(`no column tells the target beyond chance (alpha ${alpha})`);
    return { kept };
  },
};
