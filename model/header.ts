/** The first line: what the trees mean. Nothing of it is believed before it is checked here. */
import { LineError } from "./errors.ts";
import { asFields, finite, integer, list, names, text } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { formatVersion } from "./format.ts";
import type { HeaderLine, ModelColumn } from "./format.ts";

/** Most edges of a number column, and most categories of a text column: with one code for missing, a byte a cell. */
export const maxEdges = 254;

const digest = /^sha256:[0-9a-f]{64}$/;

/** @throws {LineError} naming the field that is wrong */
export function parseHeader(fields: Fields): HeaderLine {
  const version = fields.version;
  if (version !== formatVersion)
    throw new LineError(`has version ${JSON.stringify(version)}; this reader knows ${formatVersion}`);
  const trainer = fields.trainer;
  if (trainer !== "randomForest") throw new LineError(`is of a trainer unknown here: ${JSON.stringify(trainer)}`);
  const columns = list(fields, "columns").map(parseColumn);
  if (columns.length === 0) throw new LineError("columns is empty");
  const { nEstimators } = parseForestPart(fields.randomForest);
  return {
    kind: "header",
    version: formatVersion,
    trainer,
    grower: text(fields, "grower"),
    data: parseDigest(fields, "data"),
    spec: parseDigest(fields, "spec"),
    target: text(fields, "target"),
    ...parseProblem(fields),
    columns,
    rows: integer(fields, "rows", { min: 1, max: Number.MAX_SAFE_INTEGER }),
    randomForest: { nEstimators },
  };
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

function parseForestPart(value: unknown): HeaderLine["randomForest"] {
  if (value === undefined) throw new LineError("randomForest is missing");
  return { nEstimators: integer(asFields(value), "nEstimators", { min: 1, max: 100_000 }) };
}

function parseColumn(value: unknown): ModelColumn {
  const fields = asFields(value);
  const name = text(fields, "name");
  const type = text(fields, "type");
  if (type === "number") return { name, type, edges: parseEdges(fields, name) };
  if (type !== "category") throw new LineError(`column ${JSON.stringify(name)} has an unknown type ${type}`);
  const categories = names(fields, "categories");
  if (categories.length > maxEdges)
    throw new LineError(`column ${JSON.stringify(name)} has more than ${maxEdges} categories`);
  return { name, type, categories };
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
