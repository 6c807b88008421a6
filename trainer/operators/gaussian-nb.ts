/**
 * Mean and variance of every column in each class, as scikit-learn's GaussianNB: to each variance 1e-9 of the greatest
 * column's is added, so that a column which is constant within a class is no proof.
 */
import type { FittedGaussianNb } from "../../model/steps/gaussian-nb.ts";
import { moments } from "./columns.ts";
import { finiteNumbers, type Operator, OperatorError } from "./operator.ts";
import { presentClasses } from "./targets.ts";

const smoothing = 1e-9;

export const gaussianNb: Operator = {
  kind: "predictor",
  problemTypes: ["classification"],
  parameters: {},
  fit({ x, target }): FittedGaussianNb {
    const { rows, columns, values } = x;
    const { classes, counts, places } = presentClasses(target);
    const added = smoothing * moments(x).variances.reduce((a, b) => Math.max(a, b));
    if (!(added > 0)) throw new OperatorError("all columns are constant");
    const means = counts.map(() => new Float64Array(columns));
    const variances = counts.map(() => new Float64Array(columns).fill(added));
    for (let row = 0, at = 0; row < rows; row++) {
      const [k, mean] = [places[row]!, means[places[row]!]!];
      for (let c = 0; c < columns; c++, at++) mean[c]! += values[at]! / counts[k]!;
    }
    for (let row = 0, at = 0; row < rows; row++) {
      const [k, mean, variance] = [places[row]!, means[places[row]!]!, variances[places[row]!]!];
      for (let c = 0; c < columns; c++, at++) variance[c]! += (values[at]! - mean[c]!) ** 2 / counts[k]!;
    }
    return {
      classes,
      priors: counts.map((count) => count / rows),
      means: means.map((ofClass) => finiteNumbers("the mean of a column", ofClass)),
      variances: variances.map((ofClass) => finiteNumbers("the variance of a column", ofClass)),
    };
  },
};
