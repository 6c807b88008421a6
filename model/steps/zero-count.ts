/** Puts two columns before the others: how many zeros, and how many other numbers, a row has (TPOT's ZeroCount). */
import { asFields } from "../fields.ts";
import type { Step } from "./step.ts";

export const zeroCount: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    asFields(fitted);
    return {
      columns: columns + 2,
      apply({ rows, values }) {
        const wider = new Float64Array(rows * (columns + 2));
        for (let row = 0, at = 0, to = 0; row < rows; row++, to += columns + 2) {
          let zeros = 0;
          for (let c = 0; c < columns; c++, at++) {
            wider[to + 2 + c] = values[at]!;
            if (values[at] === 0) zeros++;
          }
          wider[to] = zeros;
          wider[to + 1] = columns - zeros;
        }
        return { rows, columns: columns + 2, values: wider };
      },
    };
  },
};
