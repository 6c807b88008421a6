/** Divides every column by its greatest absolute value, as scikit-learn's MaxAbsScaler: zeros stay zeros. */
import type { FittedScaler } from "../../model/steps/standard-scaler.ts";
import { columnOf, divisor } from "./columns.ts";
import type { Operator } from "./operator.ts";

export const maxAbsScaler: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: {},
  fit({ x }): FittedScaler {
    const columns = Array.from({ length: x.columns }, (_, c) => columnOf(x, c));
    return {
      offset: columns.map(() => 0),
      scale: columns.map((column) => divisor(column.reduce((most, value) => Math.max(most, Math.abs(value)), 0))),
    };
  },
};
