/** Keeps some of the columns: every selector, however it has chosen them. */
import { LineError } from "../errors.ts";
import { asFields } from "../fields.ts";
import { ascending } from "./arrays.ts";
import type { Step } from "./step.ts";

export interface FittedSelection {
  /** Columns that are kept, ascending; at least one. */
  readonly kept: readonly number[];
}

export const selection: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const kept = ascending(asFields(fitted), "kept", columns);
    if (kept.length === 0) throw new LineError("kept must not be empty");
    return {
      columns: kept.length,
      apply({ rows, values }) {
        const made = new Float64Array(rows * kept.length);
        for (let row = 0, at = 0; row < rows; row++)
          for (let i = 0; i < kept.length; i++) made[at++] = values[row * columns + kept[i]!]!;
        return { rows, columns: kept.length, values: made };
      },
    };
  },
};
