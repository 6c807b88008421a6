/** Linear models of numbers by stochastic gradient descent, as scikit-learn's SGDRegressor. */
import type { FittedLinearRegressor } from "../../model/steps/linear-regressor.ts";
import { finiteNumbers, type Operator } from "./operator.ts";
import { numberLosses } from "./sgd-losses.ts";
import { descend, type SgdOptions, sgdParameters } from "./sgd.ts";
import { shuffler } from "./shuffle.ts";
import { targetValues } from "./targets.ts";

export const sgdRegressor: Operator = {
  kind: "predictor",
  problemTypes: ["regression"],
  parameters: { loss: ["squared_error", "huber", "epsilon_insensitive"], ...sgdParameters },
  fit({ x, target, seed }, parameters): FittedLinearRegressor {
    const { weights, intercept } = descend({
      x,
      y: targetValues(target),
      loss: numberLosses[parameters.loss as keyof typeof numberLosses],
      options: parameters as SgdOptions,
      shuffle: (order) => shuffler(seed)(order),
    });
    return {
      coefficients: finiteNumbers("a coefficient", weights),
      intercept: finiteNumbers("the intercept", [intercept])[0]!,
    };
  },
};
