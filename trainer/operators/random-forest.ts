/** A random forest (Breiman, 2001): trees on rows and columns drawn at random, as scikit-learn's. */
import { forestOperator } from "./trees/forest-operator.ts";

export const randomForest = forestOperator({ cuts: "best", bootstrap: [true, false] });
