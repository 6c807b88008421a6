/**
 * Prediction: each tree leads a row to a leaf, the forest answers the mean of the leaves. Trees count in order of their
 * index, so a model gives the same bits wherever it runs: in the trainer, in the API, in a browser.
 */
import { compactTree, leafOf } from "./compact.ts";
import type { CompactTree } from "./compact.ts";
import { columnEncoder } from "./encode.ts";
import type { ColumnEncoder } from "./encode.ts";
import { ModelFormatError } from "./errors.ts";
import type { EndLine, HeaderLine, ModelColumn } from "./format.ts";
import { mostProbable } from "./most-probable.ts";
import { readLines } from "./read.ts";

/** A row as a person has it: null is a missing value, columns that the model does not know are ignored. */
export type Row = Readonly<Record<string, unknown>>;

/** Probabilities of all classes sum to 1, in the order of the header's classes; ties go to the class that comes first there. */
export type Prediction =
  | { readonly label: string; readonly probabilities: Readonly<Record<string, number>> }
  | { readonly value: number };

/** A row that the model cannot take: a column that is absent, or a value that is no number where one is needed. */
export class RowError extends Error {
  /** 0-based index among the rows given. */
  readonly row: number;
  readonly column: string;
  constructor(message: string, { row, column }: { row: number; column: string }) {
    super(message);
    this.name = "RowError";
    this.row = row;
    this.column = column;
  }
}

export interface Predictor {
  readonly header: HeaderLine;
  readonly columns: readonly ModelColumn[];
  /** Undefined for a part, or a file that was cut off after a whole line. */
  readonly end: EndLine | undefined;
  /** Trees that vote. */
  readonly trees: number;
  /** @throws {RowError} for the first row that the model cannot take */
  predict(rows: readonly Row[]): Prediction[];
  /**
   * The same for rows that are already codes (see encode.ts), row by row, one byte a cell. Answers per row the mean
   * (regression), or the probabilities of the classes one after the other.
   */
  predictCodes(codes: Uint8Array): Float64Array;
}

/**
 * Reads a model, line by line, into about 10 bytes a node.
 * @throws {ModelFormatError} for a broken line, and for a file without a tree
 */
export async function readModel(lines: AsyncIterable<string> | Iterable<string>): Promise<Predictor> {
  const trees: CompactTree[] = [];
  let header: HeaderLine | undefined;
  let end: EndLine | undefined;
  for await (const line of readLines(lines)) {
    if (line.kind === "header") header = line;
    else if (line.kind === "end") end = line;
    else trees.push(compactTree(line, header!.problemType));
  }
  if (header === undefined) throw new ModelFormatError("the file is empty");
  if (trees.length === 0) throw new ModelFormatError("the model has no tree: nothing can be predicted");
  return predictor({ header, trees, end });
}

interface Parts {
  readonly header: HeaderLine;
  readonly trees: readonly CompactTree[];
  readonly end: EndLine | undefined;
}

function predictor({ header, trees, end }: Parts): Predictor {
  const { columns, classes } = header;
  const encoders = columns.map(columnEncoder);
  const outputs = classes?.length ?? 1;

  function predictCodes(codes: Uint8Array): Float64Array {
    const rows = codes.length / columns.length;
    const means = new Float64Array(rows * outputs);
    for (const tree of trees) addVotes(tree, codes, { means, rows, outputs });
    return means.map((sum) => sum / trees.length);
  }

  return {
    header,
    columns,
    end,
    trees: trees.length,
    predictCodes,
    predict(rows) {
      const codes = new Uint8Array(rows.length * columns.length);
      rows.forEach((row, i) =>
        encodeRow(row, { columns, encoders, index: i, into: codes.subarray(i * columns.length) }),
      );
      const means = predictCodes(codes);
      return rows.map((_, i): Prediction => {
        if (classes === undefined) return { value: means[i]! };
        return labelled(classes, means.subarray(i * outputs, (i + 1) * outputs));
      });
    },
  };
}

/** Adds to each row's sums the entries of the leaf that it falls into. */
function addVotes(
  tree: CompactTree,
  codes: Uint8Array,
  { means, rows, outputs }: { means: Float64Array; rows: number; outputs: number },
): void {
  const { start, entry, classOf } = tree;
  const width = codes.length / rows;
  for (let row = 0; row < rows; row++) {
    const leaf = leafOf(tree, codes, { stride: 1, at: row * width });
    const end = start[leaf + 1]!;
    for (let k = start[leaf]!; k < end; k++) {
      const at = row * outputs + (classOf.length === 0 ? 0 : classOf[k]!);
      means[at] = means[at]! + entry[k]!;
    }
  }
}

interface Encoding {
  readonly columns: readonly ModelColumn[];
  readonly encoders: readonly ColumnEncoder[];
  readonly index: number;
  readonly into: Uint8Array;
}

function encodeRow(row: Row, { columns, encoders, index, into }: Encoding): void {
  columns.forEach(({ name, type }, c) => {
    if (!Object.hasOwn(row, name) || row[name] === undefined)
      throw new RowError(`column ${JSON.stringify(name)} is missing; write null for an unknown value`, {
        row: index,
        column: name,
      });
    const code = encoders[c]!(row[name]);
    if (code === undefined)
      throw new RowError(`column ${JSON.stringify(name)} takes a ${type === "number" ? "number" : "text"}`, {
        row: index,
        column: name,
      });
    into[c] = code;
  });
}

function labelled(classes: readonly string[], shares: Float64Array): Prediction {
  // fromEntries defines own properties, so a class may be called __proto__.
  const probabilities = Object.fromEntries(classes.map((label, c): [string, number] => [label, shares[c]!]));
  return { label: classes[mostProbable(shares)]!, probabilities };
}
