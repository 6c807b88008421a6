/** The first line: what the trees mean. Nothing of it is believed before it is checked here. */
import { LineError } from "./errors.ts";
import { asFields, finite, integer, list, names, text } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { formatVersion } from "./format.ts";
import type {
  BoostingHeaderLine,
  ForestHeaderLine,
  HeaderLine,
  ModelColumn,
  ModelHeader,
  SearchHeaderLine,
} from "./format.ts";

/** Most edges of a number column, and most categories of a text column: with one code for missing, a byte a cell. */
export const maxEdges = 254;

const digest = /^sha256:[0-9a-f]{64}$/;

/** @throws {LineError} naming the field that is wrong */
export function parseHeader(fields: Fields): HeaderLine {
  const version = fields.version;
  if (version !== formatVersion)
    throw new LineError(`has version ${JSON.stringify(version)}; this reader knows ${formatVersion}`);
  const trainer = fields.trainer;
  if (trainer !== "randomForest" && trainer !== "gradientBoosting" && trainer !== "search")
    throw new LineError(`is of a trainer unknown here: ${JSON.stringify(trainer)}`);
  const columns = list(fields, "columns").map(parseColumn);
  if (columns.length === 0) throw new LineError("columns is empty");
  const header: ModelHeader = {
    kind: "header",
    version: formatVersion,
    grower: text(fields, "grower"),
    data: parseDigest(fields, "data"),
    spec: parseDigest(fields, "spec"),
    target: text(fields, "target"),
    ...parseProblem(fields),
    columns,
    rows: integer(fields, "rows", { min: 1, max: Number.MAX_SAFE_INTEGER }),
  };
  switch (trainer) {
    case "randomForest":
      return { ...header, trainer, randomForest: parseForestPart(fields.randomForest) };
    case "gradientBoosting":
      return {
        ...header,
        trainer,
        gradientBoosting: parseBoostingPart(fields.gradientBoosting, header.classes?.length),
      };
    case "search":
      return { ...header, trainer, search: parseSearchPart(fields.search, columns) };
  }
}

function parseDigest(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (!digest.test(value)) throw new LineError(`${name} must be sha256: and 64 hex digits`);
  return value;
}

function parseProblem(fields: Fields): Pick<HeaderLine, "problemType" | "classes"> {
  const problemType = text(fields, "problemType");
  if (problemType === "regression") return { problemType };
  if (problemType !== "classification") throw new LineError(`problemType is unknown: ${JSON.stringify(problemType)}`);
  const classes = names(fields, "classes");
  if (classes.length === 0) throw new LineError("classes is empty");
  return { problemType, classes };
}

function parseForestPart(value: unknown): ForestHeaderLine["randomForest"] {
  if (value === undefined) throw new LineError("randomForest is missing");
  return { nEstimators: integer(asFields(value), "nEstimators", { min: 1, max: 100_000 }) };
}

/** @param classes how many there are, undefined in regression */
function parseBoostingPart(value: unknown, classes: number | undefined): BoostingHeaderLine["gradientBoosting"] {
  if (value === undefined) throw new LineError("gradientBoosting is missing");
  if (classes === 1) throw new LineError("classes has one entry: boosting tells apart two at least");
  const fields = asFields(value);
  const maxIter = integer(fields, "maxIter", { min: 1, max: 100_000 });
  const baseline = finite(fields, "baseline");
  const outputs = classes === undefined || classes === 2 ? 1 : classes;
  if (baseline.length !== outputs)
    throw new LineError(`baseline has ${baseline.length} entries, this kind of target has ${outputs}`);
  return { maxIter, baseline };
}

function parseSearchPart(value: unknown, columns: readonly ModelColumn[]): SearchHeaderLine["search"] {
  if (value === undefined) throw new LineError("search is missing");
  const binned = columns.find((column) => column.type === "number" && column.edges.length > 0);
  if (binned !== undefined)
    throw new LineError(`column ${JSON.stringify(binned.name)} has edges: a pipeline computes with numbers, not codes`);
  const fields = asFields(value);
  const pipeline = text(fields, "pipeline");
  const operators = operatorsOf(pipeline).length;
  const steps = integer(fields, "steps", { min: 2, max: 1000 });
  if (steps !== operators + 1)
    throw new LineError(`steps is ${steps}; input and the operators of the pipeline are ${operators + 1}`);
  return { pipeline, steps };
}

/** The names in a pipeline's text: `standardScaler > pca(components=0.9) > ridge(alpha=1)`. */
export function operatorsOf(pipeline: string): string[] {
  return pipeline.split(" > ").map((step) => step.split("(", 1)[0]!);
}

function parseColumn(value: unknown): ModelColumn {
  const fields = asFields(value);
  const name = text(fields, "name");
  const type = text(fields, "type");
  const missing = parseMissing(fields, name);
  if (type === "number") return { name, type, ...missing, edges: parseEdges(fields, name) };
  if (type !== "category") throw new LineError(`column ${JSON.stringify(name)} has an unknown type ${type}`);
  const categories = names(fields, "categories");
  if (categories.length > maxEdges)
    throw new LineError(`column ${JSON.stringify(name)} has more than ${maxEdges} categories`);
  return { name, type, ...missing, categories };
}

function parseMissing({ missing }: Fields, name: string): Pick<ModelColumn, "missing"> {
  if (missing === undefined) return {};
  if (missing !== true) throw new LineError(`column ${JSON.stringify(name)}: missing must be true, or absent`);
  return { missing };
}

function parseEdges(fields: Fields, name: string): readonly number[] {
  const edges = finite(fields, "edges");
  const at = `column ${JSON.stringify(name)}`;
  if (edges.length > maxEdges) throw new LineError(`${at} has more than ${maxEdges} edges`);
  for (let i = 1; i < edges.length; i++) {
    if (!(edges[i - 1]! < edges[i]!)) throw new LineError(`${at}: edges must ascend, edges[${i}] does not`);
  }
  return edges;
}
