/**
 * Writing lines: one JSON object with its keys always in the same order and without spaces, so that equal lines are equal
 * bytes. Numbers are JavaScript's shortest that read back as the same double, -0 is 0, and a number that is
 * none (NaN, an infinity) stops the writing: it would be a bug of the trainer, and JSON would turn it into null.
 */
import type { EndLine, HeaderLine, ModelLine, TreeLine } from "./format.ts";

/** The line without its line break. @throws {RangeError} naming the field that holds NaN or an infinity */
export function writeLine(line: ModelLine): string {
  switch (line.kind) {
    case "header":
      return writeHeader(line);
    case "tree":
      return writeTree(line);
    case "end":
      return writeEnd(line);
  }
}

function writeHeader(line: HeaderLine): string {
  const { version, trainer, grower, data, spec, problemType, target, classes } = line;
  const columns = line.columns.map((column) => {
    if (column.type === "category") return { name: column.name, type: column.type, categories: column.categories };
    return { name: column.name, type: column.type, edges: finite(column.edges, `edges of ${column.name}`) };
  });
  const { nEstimators } = line.randomForest;
  finite([line.rows, nEstimators], "header");
  const table = { data, spec, problemType, target, classes, columns, rows: line.rows };
  return JSON.stringify({ kind: "header", version, trainer, grower, ...table, randomForest: { nEstimators } });
}

function writeTree(line: TreeLine): string {
  const { tree, feature, bin, missingLeft } = line;
  const value = line.value.map((leaf) => finite(typeof leaf === "number" ? [leaf] : leaf, "value") && leaf);
  const importance = finite(line.importance, "importance");
  return JSON.stringify({ kind: "tree", tree, feature, bin, missingLeft, value, importance });
}

function writeEnd({ trees, missing, importances }: EndLine): string {
  return JSON.stringify({ kind: "end", trees, missing, importances: finite(importances, "importances") });
}

function finite(values: readonly number[], name: string): readonly number[] {
  for (const value of values) {
    if (!Number.isFinite(value)) throw new RangeError(`${name} of a model holds ${value}, which is not a number`);
  }
  return values;
}
