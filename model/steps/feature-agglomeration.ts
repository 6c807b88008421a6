/** The mean of each group of columns. */
import { LineError } from "../errors.ts";
import { asFields, integers } from "../fields.ts";
import type { Step } from "./step.ts";

export interface FittedFeatureAgglomeration {
  /** For each column the group that it belongs to, from 0 on; none is empty. */
  readonly groups: readonly number[];
}

export const featureAgglomeration: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const groups = integers(asFields(fitted), "groups", { min: 0, max: columns - 1 });
    if (groups.length !== columns) throw new LineError(`groups has ${groups.length} entries for ${columns} columns`);
    const sizes = new Float64Array(groups.reduce((last, group) => Math.max(last, group), -1) + 1);
    for (const group of groups) sizes[group]! += 1;
    if (sizes.length === 0 || sizes.includes(0)) throw new LineError("groups must be counted from 0 without a gap");
    return {
      columns: sizes.length,
      apply({ rows, values }) {
        const means = new Float64Array(rows * sizes.length);
        for (let row = 0, at = 0; row < rows; row++)
          for (let c = 0; c < columns; c++, at++)
            means[row * sizes.length + groups[c]!]! += values[at]! / sizes[groups[c]!]!;
        return { rows, columns: sizes.length, values: means };
      },
    };
  },
};
