/**
 * A linear support vector machine for numbers, as scikit-learn's LinearSVR: what misses by at most epsilon costs nothing,
 * and the intercept is penalized. The solver is chosen as in linear-svc.ts.
 */
import type { FittedLinearRegressor } from "../../model/steps/linear-regressor.ts";
import { finiteNumbers, type Operator } from "./operator.ts";
import { shuffler } from "./shuffle.ts";
import { dualSvr } from "./svm-dual.ts";
import { newtonSvm } from "./svm-newton.ts";
import { favoursNewton, separate, withOnes } from "./svm.ts";
import { targetValues } from "./targets.ts";

export const linearSvr: Operator = {
  kind: "predictor",
  problemTypes: ["regression"],
  parameters: {
    loss: ["epsilon_insensitive", "squared_epsilon_insensitive"],
    tol: [1e-4, 1e-5, 1e-3, 1e-2, 1e-1],
    C: [1, 1e-4, 1e-3, 1e-2, 1e-1, 0.5, 5, 10, 15, 20, 25],
    epsilon: [1e-4, 1e-3, 1e-2, 1e-1, 1],
  },
  fit({ x, target, seed }, parameters): FittedLinearRegressor {
    const { loss, tol, C, epsilon } = parameters as { loss: string; tol: number; C: number; epsilon: number };
    const problem = { x: withOnes(x), y: targetValues(target), C, tolerance: tol, shuffle: shuffler(seed) };
    const squared = loss === "squared_epsilon_insensitive";
    const { weights, intercept } = separate(
      squared && favoursNewton(problem.x)
        ? newtonSvm({ ...problem, miss: (output, y) => beyond(output - y, epsilon) })
        : dualSvr({ ...problem, epsilon, loss: squared ? "squared" : "plain" }),
    );
    return {
      coefficients: finiteNumbers("a coefficient", weights),
      intercept: finiteNumbers("the intercept", [intercept])[0]!,
    };
  },
};

/** What a number has beyond epsilon, or below -epsilon. */
const beyond = (number: number, epsilon: number): number =>
  Math.max(0, number - epsilon) + Math.min(0, number + epsilon);
