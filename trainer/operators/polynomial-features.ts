/** Products of columns, as scikit-learn's PolynomialFeatures of degree 2 without bias; there is nothing to fit. */
import { type Operator, OperatorError } from "./operator.ts";
import { polynomialColumns } from "../../model/steps/polynomial-features.ts";

export const polynomialFeatures: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: {},
  bytes: ({ rows, columns }) => rows * polynomialColumns(columns) * Float64Array.BYTES_PER_ELEMENT,
  fit({ x }) {
    // The greatest product is a square: where this one is finite, all are.
    const most = x.values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
    if (!Number.isFinite(most * most)) throw new OperatorError(`the square of ${most} is not finite`);
    return {};
  },
};
