/** The table as boosting reads it: which rows count, those to train on first, and what stands in them. */
import { codeMatrix, type Matrix } from "../forest/matrix.ts";
import { setAside } from "./early-stopping.ts";
import { BoostingOptionError } from "./errors.ts";
import { mostRows } from "./content.ts";
import type { BoostingInput } from "./input.ts";
import type { LossRows } from "./objective.ts";
import type { BoostingOptions } from "./options.ts";

export interface BoostingRows {
  /** Rows to train on, then those set aside. Bins are made from all of them. */
  readonly matrix: Matrix;
  readonly train: LossRows;
  readonly validation?: LossRows;
}

/**
 * @throws {BoostingOptionError} for an option that does not fit the data
 * @throws {RangeError} for data that the reader of tables had to refuse
 */
export function readRows(input: BoostingInput, options: BoostingOptions): BoostingRows {
  const { columns, target, weights, seed } = input;
  if (columns.length === 0) throw new RangeError("there is no column to learn from");
  const rows = weightedRows(input);
  if (rows.length > mostRows) throw new RangeError(`boosting takes at most ${mostRows} rows, not ${rows.length}`);
  for (const column of columns) {
    if (column.type === "category" && column.categories.length > options.maxBins)
      throw new BoostingOptionError(
        "maxBins",
        `column ${column.name} has ${column.categories.length} categories, and each takes a bin`,
      );
  }
  const lossRows = (of: Uint32Array): LossRows => ({
    truth: Float64Array.from(of, (row) => (target.problemType === "regression" ? target.values : target.codes)[row]!),
    ...(weights && { weights: Float64Array.from(of, (row) => weights[row]!) }),
  });
  const { maxBins, earlyStopping } = options;
  if (earlyStopping === undefined) return { matrix: codeMatrix(columns, rows, { maxBins }), train: lossRows(rows) };
  const { validationFraction } = earlyStopping;
  const { train, validation } = setAside(rows, target, { validationFraction, seed });
  const matrix = codeMatrix(columns, Uint32Array.from([...train, ...validation]), { maxBins });
  return { matrix, train: lossRows(train), validation: lossRows(validation) };
}

/** The rows that count, each with a target. */
function weightedRows({ rows, target, weights }: BoostingInput): Uint32Array {
  for (const row of rows) {
    if (target.problemType === "regression" && !Number.isFinite(target.values[row]))
      throw new RangeError(`the target of row ${row} is missing or infinite`);
    if (
      target.problemType === "classification" &&
      !(target.codes[row]! >= 0 && target.codes[row]! < target.classes.length)
    )
      throw new RangeError(`the class of row ${row} is missing`);
    if (weights !== undefined && !(weights[row]! >= 0 && weights[row]! < Infinity))
      throw new RangeError(`the weight of row ${row} is ${weights[row]}, not a number of at least 0`);
  }
  const counted = weights === undefined ? rows : rows.filter((row) => weights[row]! > 0);
  if (counted.length === 0) throw new RangeError("there is no row to train on");
  return counted;
}
