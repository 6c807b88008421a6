/** Every column gets mean 0 and variance 1, as scikit-learn's StandardScaler: a constant column is only moved. */
import type { FittedScaler } from "../../model/steps/standard-scaler.ts";
import { isConstant, moments } from "./columns.ts";
import { type FitInput, finiteNumbers, type Operator } from "./operator.ts";

export const standardScaler: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: {},
  fit({ x }: FitInput): FittedScaler {
    const { means, variances } = moments(x);
    return {
      offset: finiteNumbers("the mean of a column", means),
      scale: finiteNumbers(
        "the variance of a column",
        variances.map((variance, c) =>
          isConstant({ mean: means[c]!, variance, rows: x.rows }) ? 1 : Math.sqrt(variance),
        ),
      ),
    };
  },
};
