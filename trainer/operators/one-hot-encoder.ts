/**
 * Columns with few values become one column for each, as TPOT's OneHotEncoder. Unlike TPOT, which cuts numbers off at
 * the point, it leaves alone columns whose values are not integers; negative ones are as good as others.
 */
import type { FittedOneHotEncoder, OneHotColumn } from "../../model/steps/one-hot-encoder.ts";
import { columnOf } from "./columns.ts";
import type { Operator } from "./operator.ts";

/** A column with more values is no category. */
const mostValues = 10;

export const oneHotEncoder: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  /** Share of the rows that a value needs for a column of its own. */
  parameters: { minimumFraction: [0.05, 0.1, 0.15, 0.2, 0.25] },
  fit({ x }, parameters): FittedOneHotEncoder {
    const least = (parameters["minimumFraction"] as number) * x.rows;
    const columns = Array.from({ length: x.columns }, (_, column) => encodedOf(column, columnOf(x, column), least));
    return { encoded: columns.filter((column) => column !== undefined) };
  },
};

function encodedOf(column: number, values: Float64Array, least: number): OneHotColumn | undefined {
  const counts = new Map<number, number>();
  for (const value of values) {
    // Without the sign of a zero, which JSON does not keep.
    counts.set(value + 0, (counts.get(value + 0) ?? 0) + 1);
    if (!Number.isInteger(value) || counts.size > mostValues) return undefined;
  }
  const found = [...counts.keys()].toSorted((a, b) => a - b);
  const frequent = found.filter((value) => counts.get(value)! >= least);
  return { column, values: frequent, others: frequent.length < found.length };
}
