/**
 * The first step of every pipeline: from values as they come (numbers, codes of categories, NaN for what is missing) to
 * numbers that are all finite. A number that is missing gets the column's `fill`. Of a category with few values each
 * becomes a column of its own, 1 where the row has it and 0 elsewhere: all are 0 where it is missing, or was never seen
 * in training. A category with many stays a code, and what is missing gets the code behind the last one.
 */
import { LineError } from "../errors.ts";
import { asFields, integer, isInteger, list } from "../fields.ts";
import type { Matrix, Step } from "./step.ts";

export type FittedInputColumn =
  /** The column as it is, this in place of what is missing. */
  | { readonly fill: number }
  /** A column for each code below this one. */
  | { readonly oneHot: number };

export interface FittedInput {
  /** One for each column that goes in. */
  readonly columns: readonly FittedInputColumn[];
}

/** Most columns that a category may become. */
const maxOneHot = 254;

export const input: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const read = list(asFields(fitted), "columns").map(parseColumn);
    if (read.length !== columns) throw new LineError(`columns has ${read.length} entries for ${columns} columns`);
    const width = read.reduce((sum, column) => sum + ("oneHot" in column ? column.oneHot : 1), 0);
    return { columns: width, apply: (raw) => filled(raw, read, width) };
  },
};

function parseColumn(value: unknown, index: number): FittedInputColumn {
  const fields = asFields(value);
  if (fields.oneHot !== undefined) return { oneHot: integer(fields, "oneHot", { min: 1, max: maxOneHot }) };
  const { fill } = fields;
  if (!Number.isFinite(fill)) throw new LineError(`columns[${index}] has neither oneHot nor a finite fill`);
  return { fill: fill as number };
}

function filled({ rows, values }: Matrix, columns: readonly FittedInputColumn[], width: number): Matrix {
  const into = new Float64Array(rows * width);
  let from = 0;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const column of columns) {
      const value = values[from++]!;
      if ("fill" in column) {
        into[at++] = Number.isNaN(value) ? column.fill : value;
        continue;
      }
      if (isInteger(value, 0, column.oneHot - 1)) into[at + value] = 1;
      at += column.oneHot;
    }
  }
  return { rows, columns: width, values: into };
}
