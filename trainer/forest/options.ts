/** The forest's options as numbers, once the size of the table is known. Meanings and rounding are scikit-learn's. */
import type { RandomForestSpec } from "../../traintask/trainers.ts";
import { ForestOptionError, requireDecimal, requireWhole } from "./option-error.ts";

export { ForestOptionError } from "./option-error.ts";

export type CriterionName = NonNullable<RandomForestSpec["criterion"]>;
type ProblemType = "classification" | "regression";

/** Plain data: it is shared between threads. */
export interface ForestSettings {
  readonly criterion: CriterionName;
  /** Whether each tree draws its rows, and how many. */
  readonly bootstrap: boolean;
  readonly draws: number;
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Infinity: trees are grown depth first. */
  readonly maxLeafNodes: number;
  readonly minImpurityDecrease: number;
  /** Columns to try at each split. If none of them varies in a node, more are tried until one does. */
  readonly columnsPerSplit: number;
  /** One drawn threshold a column, in place of all. */
  readonly randomCuts: boolean;
}

interface TableSize {
  readonly problemType: ProblemType;
  readonly rows: number;
  /** Columns that vary: one of a single value is no choice. */
  readonly columns: number;
}

/** @throws {ForestOptionError} for an option out of its range, or one that does not fit the table or the problem */
export function forestSettings(options: RandomForestSpec, table: TableSize): ForestSettings {
  const { problemType, rows } = table;
  if (options.engine !== "histogram") throw new ForestOptionError("engine", `${options.engine} does not grow here`);
  requireWhole("nEstimators", options.nEstimators, 1);
  requireWhole("maxDepth", options.maxDepth ?? 1, 1);
  requireWhole("minSamplesSplit", options.minSamplesSplit, 2);
  requireWhole("minSamplesLeaf", options.minSamplesLeaf, 1);
  requireWhole("maxLeafNodes", options.maxLeafNodes ?? 2, 2);
  const bootstrap = bootstraps(options);
  if (!bootstrap && options.maxSamples !== undefined)
    throw new ForestOptionError("maxSamples", "needs bootstrap: without it every tree sees all rows");
  if (!bootstrap && options.classWeight === "balancedSubsample")
    throw new ForestOptionError("classWeight", "balancedSubsample needs bootstrap: without it, balanced is the same");
  return {
    criterion: criterionOf(options.criterion, problemType),
    bootstrap,
    draws: bootstrap ? rowsPerTree(options.maxSamples, rows) : rows,
    maxDepth: options.maxDepth ?? Infinity,
    minSamplesSplit: options.minSamplesSplit,
    minSamplesLeaf: options.minSamplesLeaf,
    maxLeafNodes: options.maxLeafNodes ?? Infinity,
    minImpurityDecrease: requireDecimal("minImpurityDecrease", options.minImpurityDecrease),
    columnsPerSplit: columnsPerSplit(options.maxFeatures, { columns: table.columns, problemType }),
    randomCuts: options.splitter === "random",
  };
}

const criteria: Record<ProblemType, readonly [CriterionName, CriterionName]> = {
  classification: ["gini", "entropy"],
  regression: ["squaredError", "poisson"],
};

function criterionOf(asked: CriterionName | undefined, problemType: ProblemType): CriterionName {
  const known = criteria[problemType];
  if (asked === undefined) return known[0];
  if (known.includes(asked)) return asked;
  throw new ForestOptionError("criterion", `${asked} is not for ${problemType}: it takes ${known.join(" or ")}`);
}

/** Whether each tree draws its rows. Extremely randomised trees see all of them, unless told otherwise. */
export function bootstraps({ bootstrap, splitter }: Pick<RandomForestSpec, "bootstrap" | "splitter">): boolean {
  return bootstrap ?? splitter === "best";
}

/**
 * Columns to try at each split, at least 1, at most `columns`.
 * @throws {ForestOptionError} for a text that is neither a name, a number nor a share
 */
export function columnsPerSplit(
  maxFeatures: RandomForestSpec["maxFeatures"],
  { columns, problemType }: { columns: number; problemType: ProblemType },
): number {
  const wanted = maxFeatures ?? (problemType === "classification" ? "sqrt" : "all");
  const count = (): number => {
    if (wanted === "all") return columns;
    if (wanted === "sqrt") return Math.floor(Math.sqrt(columns));
    if (wanted === "log2") return Math.floor(Math.log2(columns));
    if (wanted.endsWith("%")) return Math.floor((columns * share("maxFeatures", wanted)) / 100);
    return requireWhole("maxFeatures", Number(wanted), 1);
  };
  return Math.min(columns, Math.max(1, count()));
}

/**
 * Rows to draw for each tree when bootstrapping.
 * @throws {ForestOptionError} for more rows than there are
 */
export function rowsPerTree(maxSamples: RandomForestSpec["maxSamples"], rows: number): number {
  if (maxSamples === undefined) return rows;
  if (maxSamples.endsWith("%")) return Math.max(1, Math.round((rows * share("maxSamples", maxSamples)) / 100));
  const draws = requireWhole("maxSamples", Number(maxSamples), 1);
  if (draws > rows)
    throw new ForestOptionError("maxSamples", `${draws} rows cannot be drawn, there are ${rows} to train on`);
  return draws;
}

function share(field: string, text: string): number {
  const percent = requireWhole(field, Number(text.slice(0, -1)), 1);
  if (percent > 100) throw new ForestOptionError(field, `${text} is more than all`);
  return percent;
}
