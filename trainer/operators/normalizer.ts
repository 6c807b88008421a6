/** Every row gets norm 1, as scikit-learn's Normalizer; there is nothing to fit. */
import type { FittedNormalizer } from "../../model/steps/normalizer.ts";
import type { Operator } from "./operator.ts";

export const normalizer: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: { norm: ["l2", "l1", "max"] },
  fit: (_, parameters): FittedNormalizer => ({ norm: parameters["norm"] as FittedNormalizer["norm"] }),
};
