/**
 * What the engine ml-random-forest can honour: `nEstimators`, `maxDepth`, `minSamplesSplit`, `bootstrap`, `maxSamples` and
 * the seed; complete rows; and not more of them than it gets through. Everything else is refused by name.
 */
import { DataError } from "../../data/error.ts";
import type { RandomForestSpec } from "../../traintask/trainers.ts";
import { ConfigurationError } from "../errors.ts";
import type { ForestColumn, ForestInput } from "../forest/input.ts";

const advice = "Use engine: histogram (the default), which can.";

/** Rows squared, times columns, times trees: about 10 minutes of one slow core (docs/decisions/0011). */
export const maxLibraryWork = 4e9;

/** @throws ConfigurationError for an option that the library could only ignore */
export function refuseOptions(options: RandomForestSpec, { problemType }: ForestInput["target"]): void {
  const classes = problemType === "classification";
  const criterion = classes ? "gini" : "squaredError";
  const honoured: Record<string, boolean> = {
    criterion: options.criterion === undefined || options.criterion === criterion,
    maxFeatures: options.maxFeatures === undefined || ["all", "100%"].includes(options.maxFeatures),
    splitter: options.splitter === "best",
    minSamplesLeaf: options.minSamplesLeaf === 1,
    maxLeafNodes: options.maxLeafNodes === undefined,
    minImpurityDecrease: Number(options.minImpurityDecrease) === 0,
    classWeight: options.classWeight === "none",
    classWeights: options.classWeights === undefined,
  };
  const field = Object.keys(honoured).find((name) => !honoured[name]);
  if (field === undefined) return;
  const what = `the engine ml-random-forest cannot honour it. It grows with ${criterion}, all columns and equal weights.`;
  throw new ConfigurationError(`spec.trainer.randomForest.${field}: ${what}`, { advice });
}

/**
 * @throws ConfigurationError for row weights, and for a table that it would not get through in time
 * @throws DataError for a missing value
 */
export function refuseData({ columns, rows, options, weights }: ForestInput): void {
  if (weights !== undefined)
    throw new ConfigurationError("spec.dataset.weight: the engine ml-random-forest knows no weights.", { advice });
  const work = rows.length ** 2 * columns.length * options.nEstimators;
  if (work > maxLibraryWork) {
    const size = `${rows.length} rows squared x ${columns.length} columns x ${options.nEstimators} trees`;
    throw new ConfigurationError(
      `spec.trainer.randomForest.engine: ml-random-forest is for small data. ${size} is ${work.toExponential(1)}, ` +
        `more than ${maxLibraryWork.toExponential(0)}, about 10 minutes of a slow core.`,
      { advice: "Use engine: histogram (the default), or fewer rows or trees." },
    );
  }
  for (const column of columns) {
    const row = rows.find((each) => Number.isNaN(cellOf(column, each)));
    if (row === undefined) continue;
    const what = "The value is missing, and the engine ml-random-forest takes complete rows only. Fill it in, remove";
    throw new DataError(`${what} the row, or use engine: histogram.`, { row: row + 1, column: column.name });
  }
}

/** A number, or the code of a category; NaN is missing. */
export function cellOf(column: ForestColumn, row: number): number {
  if (column.type === "number") return column.values[row]!;
  const code = column.codes[row]!;
  return code >= 0 && code < column.categories.length ? code : NaN;
}
