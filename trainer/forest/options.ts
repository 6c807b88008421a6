/** The forest's options as numbers, once the size of the table is known. Meanings and rounding are scikit-learn's. */
import type { RandomForestSpec } from "../../traintask/trainers.ts";

/** An option that does not fit the data. `field` is relative to `spec.trainer.randomForest`. */
export class ForestOptionError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = "ForestOptionError";
    this.field = field;
  }
}

/** Whether each tree draws its rows. Extremely randomised trees see all of them, unless told otherwise. */
export function bootstraps({ bootstrap, splitter }: Pick<RandomForestSpec, "bootstrap" | "splitter">): boolean {
  return bootstrap ?? splitter === "best";
}

/** Columns to try at each split, at least 1, at most `columns`. */
export function columnsPerSplit(
  maxFeatures: RandomForestSpec["maxFeatures"],
  { columns, problemType }: { columns: number; problemType: "classification" | "regression" },
): number {
  const wanted = maxFeatures ?? (problemType === "classification" ? "sqrt" : "all");
  const count = (): number => {
    if (wanted === "all") return columns;
    if (wanted === "sqrt") return Math.floor(Math.sqrt(columns));
    if (wanted === "log2") return Math.floor(Math.log2(columns));
    if (wanted.endsWith("%")) return Math.floor((columns * Number.parseInt(wanted, 10)) / 100);
    return Number(wanted);
  };
  return Math.min(columns, Math.max(1, count()));
}

/**
 * Rows to draw for each tree when bootstrapping.
 * @throws {ForestOptionError} for more rows than there are
 */
export function rowsPerTree(maxSamples: RandomForestSpec["maxSamples"], rows: number): number {
  if (maxSamples === undefined) return rows;
  if (maxSamples.endsWith("%")) return Math.max(1, Math.round((rows * Number.parseInt(maxSamples, 10)) / 100));
  const draws = Number(maxSamples);
  if (draws > rows)
    throw new ForestOptionError("maxSamples", `${draws} rows cannot be drawn, there are ${rows} to train on`);
  return draws;
}
