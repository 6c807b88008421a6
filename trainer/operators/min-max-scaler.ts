/** Every column goes from 0 to 1 on the rows it is fitted on, as scikit-learn's MinMaxScaler; a constant one is 0. */
import type { FittedScaler } from "../../model/steps/standard-scaler.ts";
import { columnOf, divisor } from "./columns.ts";
import { finiteNumbers, type Operator } from "./operator.ts";

export const minMaxScaler: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: {},
  fit({ x }): FittedScaler {
    const ends = Array.from({ length: x.columns }, (_, c) => {
      const column = columnOf(x, c);
      return [column.reduce((a, b) => Math.min(a, b)), column.reduce((a, b) => Math.max(a, b))] as const;
    });
    return {
      offset: ends.map(([least]) => least),
      scale: finiteNumbers(
        "the range of a column",
        ends.map(([least, greatest]) => divisor(greatest - least)),
      ),
    };
  },
};
