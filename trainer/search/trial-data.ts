/** The rows of a search as its trials see them, and how rows are taken out of them. Plain values: they go to each trial process once. */
import type { Target as TableTarget } from "../../data/target.ts";
import type { Matrix } from "../../model/steps/step.ts";
import type { Scorer } from "../../traintask/search.ts";
import type { InputColumn } from "../operators/input.ts";
import type { Target } from "../operators/operator.ts";

export interface TrialData {
  /** Training rows as they were read: numbers, codes of categories, NaN where a value is missing. */
  readonly x: Matrix;
  /** One for each column. */
  readonly input: readonly InputColumn[];
  /** One for each row. */
  readonly target: Target;
  /** For each fold the rows that are scored in it, ascending; the others are fitted on. */
  readonly folds: readonly Int32Array[];
  readonly scorer: Scorer;
  readonly seed: number;
  /** Rows that no trial sees: the best pipeline is scored on them. */
  readonly heldOut?: { readonly x: Matrix; readonly target: TableTarget };
}

/** @param rows indices of rows */
export function takeRows({ columns, values }: Matrix, rows: ArrayLike<number>): Matrix {
  const taken = new Float64Array(rows.length * columns);
  for (let place = 0; place < rows.length; place++) {
    const from = rows[place]! * columns;
    taken.set(values.subarray(from, from + columns), place * columns);
  }
  return { rows: rows.length, columns, values: taken };
}

export function takeTarget(target: Target, rows: Int32Array): Target {
  if (target.problemType === "regression")
    return { problemType: "regression", values: Float64Array.from(rows, (row) => target.values[row]!) };
  return { ...target, codes: rows.map((row) => target.codes[row]!) };
}

/** Those of 0 to rows - 1 that are not among `some`, ascending. */
export function otherRows(rows: number, some: Int32Array): Int32Array {
  const isSome = new Uint8Array(rows);
  for (const row of some) isSome[row] = 1;
  return Int32Array.from({ length: rows }, (_, row) => row).filter((row) => isSome[row] === 0);
}
