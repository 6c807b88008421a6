/**
 * What all trees of a forest have in common, made once: codes, targets and weights in shared memory, and the options as
 * numbers. It is plain data that `structuredClone` and `postMessage` take, so several threads grow trees of one forest
 * without a copy.
 */
import { rowUnit } from "./bag.ts";
import type { ForestHeader, ForestInput, ForestTarget } from "./input.ts";
import { codeMatrix, type Matrix, withRows } from "./matrix.ts";
import { ForestOptionError } from "./option-error.ts";
import { type ForestSettings, forestSettings } from "./options.ts";
import { binValues } from "./random-cut.ts";
import { scaled, type TargetScale, targetScale } from "./scale.ts";
import { classFactors, integerWeights, weighed, weightsOf } from "./weights.ts";

/** Stands in the header of each model. Raise the version with any change after which some tree has other bytes. */
export const growerVersion = "traintask-histogram/2";

export interface SharedForest {
  readonly header: ForestHeader;
  readonly seed: number;
  readonly settings: ForestSettings;
  readonly matrix: Matrix;
  /** Of extremely randomised trees: see random-cut.ts. */
  readonly binValues?: Float64Array;
  readonly rows: SharedRows;
  /** Of a regression. */
  readonly scale?: TargetScale;
}

/** By row of the matrix. */
export interface SharedRows {
  /** Targets, or indices of classes. */
  readonly truth: Float64Array;
  /** What a row counts when it is drawn once, a whole number; absent: 1 each. */
  readonly weight?: Float64Array;
  /** Of a regression: weight times target, as an integer. */
  readonly content?: Float64Array;
  /**
   * Of `balancedSubsample`: what a row weighs before its class's factor, which is another in each tree, and the largest integer that
   * a row's weight may become.
   */
  readonly subsample?: { readonly own?: Float64Array; readonly largest: number };
}

/** The most rows whose populations have room for two numbers: see bag.ts. */
const mostRows = 2 ** 26;

/**
 * Bins the columns and readies everything that trees have in common.
 * @throws {ForestOptionError} for an option that does not fit the data
 * @throws {RangeError} for data that the reader of tables had to refuse: no rows or columns, infinities, a missing target
 */
export function shareForest(input: ForestInput): SharedForest {
  const { options, seed, target, columns, rows } = input;
  const { problemType } = target;
  if (rows.length === 0) throw new RangeError("there is no row to train on");
  if (rows.length > mostRows) throw new RangeError(`there are ${rows.length} rows, more than ${mostRows}`);
  if (columns.length === 0) throw new RangeError("there is no column to learn from");
  // Options are refused before the columns are read; how many of them vary is known after that.
  forestSettings(options, { problemType, rows: rows.length, columns: columns.length });
  const truth = truthOf(target, rows);
  const own = weightsOf(input.weights, rows);
  const factors = classFactors(options, target, truth);
  const coded = codeMatrix(columns, rows);
  const settings = forestSettings(options, { problemType, rows: rows.length, columns: coded.varying.length });
  // A node that draws its columns reads a few codes of each of its rows; one that tries all reads a column at a time.
  const matrix = settings.columnsPerSplit < coded.varying.length ? withRows(coded) : coded;
  const weights = factors === undefined ? own : weighed(own, { factors, truth });
  const balanced = options.classWeight === "balancedSubsample";
  const { scale, ...shared } = sharedRows({ settings, truth, weights, balanced, problemType });
  return {
    header: headerOf(input, matrix),
    seed,
    settings,
    matrix,
    ...(settings.randomCuts ? { binValues: binValues(matrix, columns, rows) } : {}),
    rows: shared,
    ...(scale === undefined ? {} : { scale }),
  };
}

interface RowsInput {
  readonly settings: ForestSettings;
  readonly truth: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly balanced: boolean;
  readonly problemType: ForestTarget["problemType"];
}

function sharedRows(input: RowsInput): SharedRows & { readonly scale?: TargetScale } {
  const { settings, truth, weights, balanced, problemType } = input;
  if (weights !== undefined && !weights.some((weight) => weight > 0))
    throw new ForestOptionError("classWeights", "every row to train on weighs 0, by itself or by its class");
  // No sum of weights reaches the unit of populations, and a weight is no larger than 31 bits are.
  const largest = Math.floor(Math.min(2 ** 31, (rowUnit(truth.length) - 1) / settings.draws));
  if (balanced)
    return { truth, subsample: { largest, ...(weights === undefined ? {} : { own: inSharedMemory(weights) }) } };
  const weight = weights && inSharedMemory(integerWeights(weights, largest));
  const weighted = weight === undefined ? {} : { weight };
  if (problemType === "classification") return { truth, ...weighted };
  const heaviest = weight?.reduce((most, one) => Math.max(most, one), 1) ?? 1;
  const centre = settings.criterion === "poisson" ? "zero" : "middle";
  const scale = targetScale(truth, { weight: settings.draws * heaviest, centre });
  if (settings.criterion === "poisson") requireCounts(scale);
  const content = inSharedMemory(truth);
  for (let row = 0; row < content.length; row++) content[row] = scaled(scale, truth[row]!, weight?.[row] ?? 1);
  return { truth, ...weighted, content, scale };
}

function requireCounts({ min, max }: TargetScale): void {
  if (min < 0) throw new ForestOptionError("criterion", `poisson is for targets of at least 0, and one is ${min}`);
  if (max === 0) throw new ForestOptionError("criterion", "poisson needs a target above 0, and all are 0");
}

function truthOf(target: ForestTarget, rows: Uint32Array): Float64Array {
  const truth = new Float64Array(new SharedArrayBuffer(rows.length * 8));
  const values = target.problemType === "regression" ? target.values : target.codes;
  for (let i = 0; i < rows.length; i++) truth[i] = values[rows[i]!]!;
  return truth;
}

function inSharedMemory(values: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.length * 8));
  shared.set(values);
  return shared;
}

function headerOf({ target, options }: ForestInput, matrix: Matrix): ForestHeader {
  return {
    grower: growerVersion,
    problemType: target.problemType,
    ...(target.problemType === "classification" ? { classes: target.classes } : {}),
    columns: matrix.columns,
    rows: matrix.rows,
    randomForest: { nEstimators: options.nEstimators },
  };
}
