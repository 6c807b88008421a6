/** Extremely randomised trees (Geurts, Ernst and Wehenkel, 2006): thresholds are drawn too, as scikit-learn's. */
import { forestOperator } from "./trees/forest-operator.ts";

export const extraTrees = forestOperator({ cuts: "random", bootstrap: [false, true] });
