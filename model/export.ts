/**
 * A forest in the JSON of the npm package ml-random-forest (2.1), for RandomForestRegression.load and
 * RandomForestClassifier.load. Written in pieces while the trees are read: no more than one tree is held.
 *
 * The library sends a row left where `x < splitValue`, so a split `x <= edge` becomes the next double above the edge. A value
 * that it does not know (NaN) always goes right. Its forests vote: each tree has one vote for its leaf's likeliest class.
 */
import { ModelFormatError } from "./errors.ts";
import type { ForestHeaderLine, HeaderLine, ModelColumn, TreeLine } from "./format.ts";
import { readLines } from "./read.ts";

/** Why this model has no such form. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}

/** Opens a model at its first line; each call reads it anew. */
export type ModelSource = () => AsyncIterable<string> | Iterable<string>;

/** Characters that are gathered before they are passed on. */
const pieceLength = 65_536;

const whyNot = {
  gradientBoosting: "it is of gradientBoosting: ml-random-forest takes the mean of trees, boosting adds them up",
  search: "it is of search: ml-random-forest takes the mean of trees, and knows no pipeline of steps",
} as const;

/**
 * Reads on until it is certain that the model has this form.
 * @throws {ExportError} for boosting and a search, and where a column that training missed in places sends missing values left
 * @throws {ModelFormatError} for a broken line
 */
export async function checkExport(model: ModelSource): Promise<void> {
  let header: HeaderLine | undefined;
  for await (const line of readLines(model())) {
    if (line.kind === "header") {
      if (line.trainer !== "randomForest") throw new ExportError(whyNot[line.trainer]);
      if (!line.columns.some(({ missing }) => missing)) return;
      header = line;
    } else if (line.kind === "tree") {
      const column = header?.columns[columnWithMissingLeft(line, header.columns) ?? -1];
      if (column !== undefined)
        throw new ExportError(
          `tree ${line.tree} sends missing values of column ${JSON.stringify(column.name)} left, which ml-random-forest ` +
            "cannot: train without missing values in this column to get a forest that it can take",
        );
    }
  }
}

/** The first column with missing values in training of which a split sends them left. */
function columnWithMissingLeft({ feature, missingLeft = [] }: TreeLine, columns: readonly ModelColumn[]) {
  const splits = feature.filter((column) => column >= 0);
  return missingLeft.map((split) => splits[split]!).find((column) => columns[column]!.missing);
}

/**
 * The JSON, in pieces.
 * @param model one that `checkExport` let pass
 * @throws {ModelFormatError} for a broken line
 */
export async function* exportForest(model: ModelSource): AsyncGenerator<string, void> {
  let header: ForestHeaderLine | undefined;
  let trees = 0;
  let piece = "";
  for await (const line of readLines(model())) {
    if (line.kind === "header" && line.trainer === "randomForest") {
      header = line;
      piece += `${beginning(line)}[`;
    } else if (line.kind === "tree" && header !== undefined) {
      piece += `${trees++ === 0 ? "" : ","}{"name":${nameOf(header, "DT")},"options":${options(header)},"root":`;
      for (const text of nodes(line, header)) {
        piece += text;
        if (piece.length < pieceLength) continue;
        yield piece;
        piece = "";
      }
      piece += "}";
    }
  }
  if (header === undefined) throw new ModelFormatError("the file is empty");
  yield piece + ending(header, trees);
}

function beginning(header: ForestHeaderLine): string {
  const { columns, problemType, target, classes } = header;
  const traintask = {
    use: usage(header),
    problemType,
    target,
    ...(classes === undefined ? {} : { classes }),
    columns: columns.map((column) =>
      column.type === "number"
        ? { name: column.name, type: column.type }
        : { name: column.name, type: column.type, categories: column.categories },
    ),
  };
  const selection = classes === undefined ? { selectionMethod: "mean" } : {};
  const top = JSON.stringify({ name: `RF${kindOf(header)}`, ...selection, traintask });
  return `${top.slice(0, -1)},"baseModel":{"estimators":`;
}

function usage({ classes }: ForestHeaderLine): string {
  const answer = classes === undefined ? "" : " predict answers the index of a label in classes.";
  return (
    "predict takes rows of numbers, one for each of columns, in this order: of a number the number, of a category its index " +
    `in categories, NaN for one that is not there.${answer} A missing value is NaN; in a column without missing values in ` +
    "training it may go another way than in TrainTask."
  );
}

function ending(header: ForestHeaderLine, trees: number): string {
  const every = JSON.stringify(Array.from(header.columns.keys()));
  const facts = JSON.stringify({
    n: header.columns.length,
    replacement: false,
    maxFeatures: header.columns.length,
    nEstimators: trees,
    isClassifier: header.classes !== undefined,
    seed: 0,
    useSampleBagging: false,
  });
  const indexes = `[${Array.from({ length: trees }, () => every).join(",")}]`;
  return `],"treeOptions":${options(header)},"indexes":${indexes},${facts.slice(1)}}\n`;
}

const kindOf = ({ classes }: ForestHeaderLine): string => (classes === undefined ? "Regression" : "Classifier");
const nameOf = (header: ForestHeaderLine, prefix: string): string => `"${prefix}${kindOf(header)}"`;

function options({ classes }: ForestHeaderLine): string {
  const kinds = classes === undefined ? ["regression", "regression"] : ["classifier", "gini"];
  return JSON.stringify({ kind: kinds[0], gainFunction: kinds[1], splitFunction: "mean", minNumSamples: 1 });
}

/** The text of one tree's nodes, nested as in the library. */
function* nodes(line: TreeLine, { columns, classes }: ForestHeaderLine): Generator<string, void> {
  // Of each split whose subtrees are being written, whether it is the right one.
  const inRight: boolean[] = [];
  let split = 0;
  let leaf = 0;
  for (const feature of line.feature) {
    if (feature >= 0) {
      const value = line.threshold?.[split] ?? splitValue(columns[feature]!, line.bin![split]!);
      split++;
      inRight.push(false);
      yield `{"splitColumn":${feature},"splitValue":${value},"left":`;
      continue;
    }
    yield `{"distribution":${distribution(line.value[leaf++]!, classes)}}`;
    while (inRight.at(-1) === true) {
      inRight.pop();
      yield "}";
    }
    if (inRight.length > 0) {
      inRight[inRight.length - 1] = true;
      yield ',"right":';
    }
  }
}

function distribution(leaf: number | readonly number[], classes: readonly string[] | undefined): string {
  if (classes === undefined) return JSON.stringify(leaf);
  const pairs = typeof leaf === "number" ? [leaf, 1] : leaf;
  const shares = classes.map(() => 0);
  let total = 0;
  for (let k = 0; k < pairs.length; k += 2) total += pairs[k + 1]!;
  for (let k = 0; k < pairs.length; k += 2) shares[pairs[k]!] = pairs[k + 1]! / total;
  return JSON.stringify([shares]);
}

/** A bin that holds every number parts them from missing values: then all but the largest double go left. */
function splitValue(column: ModelColumn, bin: number): number {
  if (column.type === "category") return bin + 0.5;
  const edge = column.edges[bin];
  return edge === undefined ? Number.MAX_VALUE : Math.min(nextAbove(edge), Number.MAX_VALUE);
}

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The smallest double that is greater than `x`. */
export function nextAbove(x: number): number {
  // Also for -0, whose bits are those of the smallest integer.
  double[0] = x + 0;
  if (double[0] === 0) return Number.MIN_VALUE;
  bits[0] = bits[0]! + (double[0] > 0 ? 1n : -1n);
  return double[0];
}
