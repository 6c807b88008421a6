/** Keeps the columns whose variance is above a threshold, as scikit-learn's VarianceThreshold. */
import type { FittedSelection } from "../../model/steps/selection.ts";
import { moments } from "./columns.ts";
import { type Operator, OperatorError } from "./operator.ts";

export const varianceThreshold: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: { threshold: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.2] },
  fit({ x }, parameters): FittedSelection {
    const threshold = parameters["threshold"] as number;
    const { variances } = moments(x);
    const kept = [...variances.keys()].filter((c) => variances[c]! > threshold);
    if (kept.length === 0) throw new OperatorError(`no column has a variance above ${threshold}`);
    return { kept };
  },
};
