/**
 * Least squares with a penalty on the absolute coefficients, as scikit-learn's LassoCV. TPOT has LassoLarsCV, which finds
 * the same solutions along another way, at other strengths of the penalty.
 */
import { type Operator } from "./operator.ts";
import { penalizedRegression } from "./penalized-regression.ts";
import { targetValues } from "./targets.ts";

export const lasso: Operator = {
  kind: "predictor",
  problemTypes: ["regression"],
  parameters: { normalize: [true, false] },
  bytes: ({ rows, columns }) => (3 * rows * columns + Math.min(rows, columns) ** 2) * 8,
  fit({ x, target }, parameters) {
    const normalize = parameters["normalize"] === true;
    return penalizedRegression(x, targetValues(target), { l1Ratio: 1, tolerance: 1e-4, normalize });
  },
};
