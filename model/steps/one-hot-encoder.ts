/**
 * Columns that hold a few values only become one column for each of them, 1 where the row has it; values that were rare
 * share one more. They come first, the columns that are left as they are after them, as in TPOT.
 */
import { LineError } from "../errors.ts";
import { asFields, finite, integer, list } from "../fields.ts";
import type { Step } from "./step.ts";

export interface FittedOneHotEncoder {
  /** By ascending column. */
  readonly encoded: readonly OneHotColumn[];
}
export interface OneHotColumn {
  readonly column: number;
  /** Those with a column of their own, in its order. */
  readonly values: readonly number[];
  /** Whether a last column is 1 for every other value; without it such a row has zeros. */
  readonly others: boolean;
}

/** Columns that come of one. */
const width = ({ values, others }: OneHotColumn): number => values.length + (others ? 1 : 0);

export const oneHotEncoder: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const encoded = encodedOf(fitted, columns);
    const chosen = new Set(encoded.map(({ column }) => column));
    const passed = Array.from({ length: columns }, (_, c) => c).filter((c) => !chosen.has(c));
    const wide = encoded.reduce((sum, one) => sum + width(one), passed.length);
    return {
      columns: wide,
      apply({ rows, values }) {
        const made = new Float64Array(rows * wide);
        for (let row = 0, at = 0; row < rows; row++) {
          for (const one of encoded) {
            const place = one.values.indexOf(values[row * columns + one.column]!);
            if (place >= 0) made[at + place] = 1;
            else if (one.others) made[at + one.values.length] = 1;
            at += width(one);
          }
          for (const c of passed) made[at++] = values[row * columns + c]!;
        }
        return { rows, columns: wide, values: made };
      },
    };
  },
};

function encodedOf(fitted: unknown, columns: number): readonly OneHotColumn[] {
  const encoded = list(asFields(fitted), "encoded").map((one) => {
    const fields = asFields(one);
    const column = integer(fields, "column", { min: 0, max: columns - 1 });
    if (typeof fields["others"] !== "boolean") throw new LineError("others must be true or false");
    const made = { column, values: finite(fields, "values"), others: fields["others"] };
    if (width(made) === 0) throw new LineError(`column ${column} becomes no column`);
    return made;
  });
  if (encoded.some(({ column }, i) => i > 0 && column <= encoded[i - 1]!.column))
    throw new LineError("encoded must ascend by column");
  return encoded;
}
