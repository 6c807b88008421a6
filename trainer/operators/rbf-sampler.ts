/**
 * A hundred columns for a radial basis function, as scikit-learn's RBFSampler: Rahimi and Recht, "Random features for
 * large-scale kernel machines", 2007. `gamma` leaves out TPOT's 0, which makes all rows alike.
 */
import type { FittedRbfSampler } from "../../model/steps/rbf-sampler.ts";
import { random } from "../../traintask/random.ts";
import { normals } from "./normal.ts";
import { finiteNumbers, type Operator } from "./operator.ts";

const components = 100;

export const rbfSampler: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: { gamma: [1, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75] },
  fit({ x, seed }, parameters): FittedRbfSampler {
    const [weights, angles] = [random(seed, 0), random(seed, 1)];
    const deviation = Math.sqrt(2 * (parameters.gamma as number));
    return {
      weights: Array.from({ length: components }, () =>
        finiteNumbers(
          "a weight",
          normals(x.columns, weights).map((value) => value * deviation),
        ),
      ),
      offsets: Array.from({ length: components }, () => 2 * Math.PI * angles.uniform()),
    };
  },
};
