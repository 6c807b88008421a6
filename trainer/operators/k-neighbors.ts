/** Keeps the rows; the work is done when it is asked, as scikit-learn's KNeighborsClassifier and -Regressor by brute force. */
import type { FittedKNeighbors } from "../../model/steps/k-neighbors.ts";
import { type Operator, OperatorError } from "./operator.ts";

export const kNeighbors: Operator = {
  kind: "predictor",
  problemTypes: ["classification", "regression"],
  parameters: {
    nNeighbors: [5, 1, 2, 3, 10, 20, 50, 100],
    weights: ["uniform", "distance"],
    p: [2, 1],
  },
  // A number of the plain lists, and of what they are read back to.
  bytes: ({ rows, columns }) => rows * (columns + 1) * 32,
  fit({ x, target }, parameters): FittedKNeighbors {
    const nNeighbors = parameters["nNeighbors"] as number;
    if (nNeighbors > x.rows)
      throw new OperatorError(`there are ${x.rows} rows, fewer than the ${nNeighbors} neighbours that are asked for`);
    return {
      nNeighbors,
      weights: parameters["weights"] as FittedKNeighbors["weights"],
      p: parameters["p"] as number,
      rows: Array.from({ length: x.rows }, (_, row) =>
        Array.from(x.values.subarray(row * x.columns, (row + 1) * x.columns)),
      ),
      targets: Array.from(target.problemType === "regression" ? target.values : target.codes),
    };
  },
};
