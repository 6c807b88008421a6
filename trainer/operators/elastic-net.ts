/** Least squares with a penalty on absolute values and squares of the coefficients, as scikit-learn's ElasticNetCV. */
import { type Operator } from "./operator.ts";
import { penalizedRegression } from "./penalized-regression.ts";
import { targetValues } from "./targets.ts";

export const elasticNet: Operator = {
  kind: "predictor",
  problemTypes: ["regression"],
  // TPOT's grid has a ratio of 0 as well, for which scikit-learn refuses to choose a penalty.
  parameters: { l1Ratio: [0.5, 0.05, 0.2, 0.35, 0.65, 0.8, 0.95, 1], tol: [1e-4, 1e-5, 1e-3, 1e-2, 1e-1] },
  bytes: ({ rows, columns }) => (3 * rows * columns + Math.min(rows, columns) ** 2) * 8,
  fit({ x, target }, parameters) {
    return penalizedRegression(x, targetValues(target), {
      l1Ratio: parameters["l1Ratio"] as number,
      tolerance: parameters["tol"] as number,
      normalize: false,
    });
  },
};
