/** Makes each number 1 where it is above a threshold, else 0. */
import { asFields, finiteNumber } from "../fields.ts";
import type { Step } from "./step.ts";

export interface FittedBinarizer {
  readonly threshold: number;
}

export const binarizer: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const threshold = finiteNumber(asFields(fitted), "threshold");
    return {
      columns,
      apply: ({ rows, values }) => ({ rows, columns, values: values.map((value) => (value > threshold ? 1 : 0)) }),
    };
  },
};
