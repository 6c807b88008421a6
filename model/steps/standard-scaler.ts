/** Takes from each column a number and divides by another one: every scaler that works column by column. */
import { LineError } from "../errors.ts";
import { asFields, finite } from "../fields.ts";
import type { Step } from "./step.ts";

export interface FittedScaler {
  /** What is taken from each column. */
  readonly offset: readonly number[];
  /** What it is divided by then; never 0. */
  readonly scale: readonly number[];
}

export const standardScaler: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const fields = asFields(fitted);
    const [offset, scale] = ["offset", "scale"].map((name) => {
      const numbers = finite(fields, name);
      if (numbers.length !== columns)
        throw new LineError(`${name} has ${numbers.length} entries for ${columns} columns`);
      return Float64Array.from(numbers);
    }) as [Float64Array, Float64Array];
    if (scale.includes(0)) throw new LineError("scale has a 0 in it");
    return {
      columns,
      apply({ rows, values }) {
        const scaled = new Float64Array(values.length);
        for (let row = 0, at = 0; row < rows; row++)
          for (let c = 0; c < columns; c++, at++) scaled[at] = (values[at]! - offset[c]!) / scale[c]!;
        return { rows, columns, values: scaled };
      },
    };
  },
};
