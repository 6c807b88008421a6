/** Linear models of classes by stochastic gradient descent, one against the rest, as scikit-learn's SGDClassifier. */
import type { FittedOneVsRest } from "../../model/steps/one-vs-rest.ts";
import { oneVsRest } from "./one-vs-rest.ts";
import type { Operator } from "./operator.ts";
import { classLosses } from "./sgd-losses.ts";
import { descend, type SgdOptions, sgdParameters } from "./sgd.ts";
import { shuffler } from "./shuffle.ts";

export const sgdClassifier: Operator = {
  kind: "predictor",
  problemTypes: ["classification"],
  parameters: { loss: ["hinge", "log_loss", "modified_huber", "squared_hinge", "perceptron"], ...sgdParameters },
  fit({ x, target, seed }, parameters): FittedOneVsRest {
    const loss = classLosses[parameters["loss"] as keyof typeof classLosses];
    return oneVsRest(target, (y, place) =>
      descend({ x, y, loss, options: parameters as SgdOptions, shuffle: (order) => shuffler(seed, place)(order) }),
    );
  },
};
