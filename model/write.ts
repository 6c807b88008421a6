/**
 * Writing lines: one JSON object with its keys always in the same order and without spaces, so that equal lines are equal
 * bytes. Numbers are JavaScript's shortest that read back as the same double, -0 is 0, and a number that is
 * none (NaN, an infinity) stops the writing: it would be a bug of the trainer, and JSON would turn it into null.
 */
import type { BoostedTree, EndLine, HeaderLine, IterationLine, ModelLine, StepLine, TreeLine } from "./format.ts";

/** The line without its line break. @throws {RangeError} naming the field that holds NaN or an infinity */
export function writeLine(line: ModelLine): string {
  switch (line.kind) {
    case "header":
      return writeHeader(line);
    case "tree":
      return writeTree(line);
    case "iteration":
      return writeIteration(line);
    case "step":
      return writeStep(line);
    case "end":
      return writeEnd(line);
  }
}

function writeHeader(line: HeaderLine): string {
  const { version, trainer, grower, data, spec, problemType, target, classes } = line;
  const columns = line.columns.map(({ name, missing, ...column }) => {
    if (column.type === "category") return { name, type: column.type, missing, categories: column.categories };
    return { name, type: column.type, missing, edges: finite(column.edges, `edges of ${name}`) };
  });
  const [rows] = finite([line.rows], "rows");
  const table = { data, spec, problemType, target, classes, columns, rows };
  return JSON.stringify({ kind: "header", version, trainer, grower, ...table, ...trainerPart(line) });
}

function trainerPart(line: HeaderLine): object {
  if (line.trainer === "randomForest") {
    const [nEstimators] = finite([line.randomForest.nEstimators], "nEstimators");
    return { randomForest: { nEstimators } };
  }
  if (line.trainer === "search") {
    const [steps] = finite([line.search.steps], "steps");
    return { search: { pipeline: line.search.pipeline, steps } };
  }
  const [maxIter] = finite([line.gradientBoosting.maxIter], "maxIter");
  return { gradientBoosting: { maxIter, baseline: finite(line.gradientBoosting.baseline, "baseline") } };
}

function writeTree(line: TreeLine): string {
  const { tree, feature, bin, missingLeft } = line;
  const threshold = line.threshold && finite(line.threshold, "threshold");
  const value = line.value.map((leaf) => finite(typeof leaf === "number" ? [leaf] : leaf, "value") && leaf);
  const importance = finite(line.importance, "importance");
  return JSON.stringify({ kind: "tree", tree, feature, bin, threshold, missingLeft, value, importance });
}

function writeIteration(line: IterationLine): string {
  const { iteration, loss } = line;
  const trees = line.trees.map(({ feature, bin, missingLeft, value }: BoostedTree) => ({
    feature,
    bin,
    missingLeft,
    value: finite(value, "value"),
  }));
  finite([loss.train, loss.validation ?? 0], "loss");
  const importance = finite(line.importance, "importance");
  const losses = { train: loss.train, validation: loss.validation };
  return JSON.stringify({ kind: "iteration", iteration, trees, loss: losses, importance });
}

function writeStep({ step, operator, fitted }: StepLine): string {
  const plain = (name: string, value: unknown): unknown => {
    if (typeof value === "number") finite([value], `${name} of step ${operator}`);
    // JSON would make an object of its indexes.
    if (ArrayBuffer.isView(value)) throw new RangeError(`${name} of step ${operator} is a typed array, not a list`);
    return value;
  };
  return JSON.stringify({ kind: "step", step, operator, fitted }, plain);
}

function writeEnd(line: EndLine): string {
  if ("steps" in line) return JSON.stringify({ kind: "end", steps: line.steps });
  const importances = finite(line.importances, "importances");
  if ("trees" in line) return JSON.stringify({ kind: "end", trees: line.trees, missing: line.missing, importances });
  const { iterations, bestIteration } = line;
  return JSON.stringify({ kind: "end", iterations, bestIteration, importances });
}

function finite(values: readonly number[], name: string): readonly number[] {
  for (const value of values) {
    if (!Number.isFinite(value)) throw new RangeError(`${name} of a model holds ${value}, which is not a number`);
  }
  return values;
}
