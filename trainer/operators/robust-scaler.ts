/** Takes the median from every column and divides by the interquartile range, as scikit-learn's RobustScaler. */
import type { FittedScaler } from "../../model/steps/standard-scaler.ts";
import { columnOf, divisor, quantile } from "./columns.ts";
import { finiteNumbers, type Operator } from "./operator.ts";

export const robustScaler: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: {},
  fit({ x }): FittedScaler {
    const columns = Array.from({ length: x.columns }, (_, c) => columnOf(x, c).sort());
    return {
      offset: columns.map((column) => quantile(column, 0.5)),
      scale: finiteNumbers(
        "the interquartile range of a column",
        columns.map((column) => divisor(quantile(column, 0.75) - quantile(column, 0.25))),
      ),
    };
  },
};
