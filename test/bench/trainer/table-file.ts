/**
 * The tables that are trained on: Friedman's first problem with noise of deviation 1, as float64 for fits alone and as CSV for
 * whole processes. Both sides read the same file.
 */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { syntheticCsv } from "../../../data/synthetic.ts";
import { syntheticSchema } from "../../../traintask/dataset.ts";
import { friedman } from "../../builders/forest.ts";

export type Problem = "regression" | "classification";
export const problems: readonly Problem[] = ["regression", "classification"];

export interface TableFile {
  readonly file: string;
  readonly problem: Problem;
  readonly columns: number;
  readonly rows: number;
  /** Behind the others, for the score. */
  readonly heldOut: number;
}

export const heldOutRows = 10_000;

/** Column after column, then the target: a number, or whether it is above the median. Written once in a directory. */
export function tableFile(directory: string, table: Pick<TableFile, "problem" | "columns" | "rows">): TableFile {
  const { rows, columns, problem } = table;
  const file = path.join(directory, `${problem}-${rows}x${columns}`);
  const whole = { ...table, file, heldOut: heldOutRows };
  if (!existsSync(file)) writeFileSync(file, values(whole));
  return whole;
}

function values({ rows, columns, heldOut, problem }: TableFile): Float64Array {
  const all = rows + heldOut;
  const { columns: features, target } = friedman({ rows: all, columns, noise: 1 });
  const table = new Float64Array(all * (columns + 1));
  features.forEach((column, c) => table.set(column.type === "number" ? column.values : [], c * all));
  const y = target.problemType === "regression" ? target.values : new Float64Array(0);
  const middle = y.subarray(0, rows).toSorted()[rows >> 1]!;
  table.set(problem === "regression" ? y : y.map((value) => (value > middle ? 1 : 0)), columns * all);
  return table;
}

export interface ReadTable {
  /** Of the rows to train on. */
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  /** Held-out rows, as a person has them. */
  readonly rows: readonly Record<string, number>[];
  readonly truth: Float64Array;
}

export const columnNames = (columns: number): string[] => Array.from({ length: columns }, (_, c) => `x${c}`);

/** Reads it back. */
export function readTableFile({ file, rows, columns, heldOut }: TableFile): ReadTable {
  const table = new Float64Array(readFileSync(file).buffer);
  const all = rows + heldOut;
  const column = (c: number): Float64Array => table.subarray(c * all, (c + 1) * all);
  const names = columnNames(columns);
  const features = names.map((_, c) => column(c));
  return {
    columns: features.map((values) => values.subarray(0, rows)),
    target: column(columns).subarray(0, rows),
    rows: Array.from({ length: heldOut }, (_, row) =>
      Object.fromEntries(names.map((name, c) => [name, features[c]![rows + row]!])),
    ),
    truth: column(columns).subarray(rows),
  };
}

/** The same problem as CSV with six decimals, 20 columns and the target `y`. Written once in a directory. */
export function csvFile(directory: string, rows: number): string {
  const file = path.join(directory, `${rows}.csv`);
  if (existsSync(file)) return file;
  const out = openSync(file, "w");
  for (const text of syntheticCsv(syntheticSchema.parse({ kind: "friedman1", rows, columns: 20, noise: "1" })))
    writeSync(out, text);
  closeSync(out);
  return file;
}
