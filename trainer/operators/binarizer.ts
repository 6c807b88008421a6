/** 1 above a threshold, else 0, as scikit-learn's Binarizer; TPOT's thresholds, thinned. */
import type { FittedBinarizer } from "../../model/steps/binarizer.ts";
import type { Operator } from "./operator.ts";

export const binarizer: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: { threshold: [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 1] },
  fit: (_, { threshold }): FittedBinarizer => ({ threshold: threshold as number }),
};
