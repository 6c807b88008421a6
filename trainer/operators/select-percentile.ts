/** Keeps the share of columns that tell most about the target, by F statistics, as scikit-learn's SelectPercentile. */
import type { FittedSelection } from "../../model/steps/selection.ts";
import { quantile } from "./columns.ts";
import { fStatistics } from "./f-statistics.ts";
import { type Operator, OperatorError } from "./operator.ts";

export const selectPercentile: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: { percentile: [50, 5, 10, 20, 35, 65, 80, 95] },
  fit(input, parameters): FittedSelection {
    const percentile = parameters["percentile"] as number;
    const scores = fStatistics(input).statistics;
    const threshold = quantile(scores.toSorted(), (100 - percentile) / 100);
    const above = (c: number): boolean => scores[c]! > threshold;
    const columns = [...scores.keys()];
    // Of columns that tie with the threshold the first ones, as far as the share allows.
    const room = Math.floor((scores.length * percentile) / 100) - columns.filter(above).length;
    const ties = columns.filter((c) => scores[c] === threshold).slice(0, Math.max(0, room));
    const kept = columns.filter((c) => above(c) || ties.includes(c));
    if (kept.length === 0) throw new OperatorError(`${percentile} % of ${scores.length} columns is none`);
    return { kept };
  },
};
