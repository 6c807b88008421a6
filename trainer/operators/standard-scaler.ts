/** Every column gets mean 0 and variance 1, as scikit-learn's StandardScaler: a constant column is only moved. */
import type { FittedScaler } from "../../model/steps/standard-scaler.ts";
import { type FitInput, finiteNumbers, type Operator } from "./operator.ts";

export const standardScaler: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: {},
  fit({ x }: FitInput): FittedScaler {
    const { rows, columns, values } = x;
    const [offset, scale] = [new Float64Array(columns), new Float64Array(columns)];
    for (let at = 0; at < values.length; at++) offset[at % columns]! += values[at]! / rows;
    for (let at = 0; at < values.length; at++)
      scale[at % columns]! += (values[at]! - offset[at % columns]!) ** 2 / rows;
    // Rounding leaves a constant column some variance, which must not be blown up to 1.
    const least = (c: number): number => 10 * rows * Number.EPSILON * offset[c]! ** 2;
    return {
      offset: finiteNumbers("the mean of a column", offset),
      scale: finiteNumbers(
        "the variance of a column",
        scale.map((variance, c) => (variance <= least(c) ? 1 : Math.sqrt(variance))),
      ),
    };
  },
};
