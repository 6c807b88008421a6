/**
 * Prediction. A forest answers the mean of the leaves that its trees lead a row to, boosting what its iterations up to the
 * best one add to its baseline, a search what the last step of its pipeline says. Trees count in order of their index and
 * steps in theirs, so a model gives the same bits wherever it runs: in the trainer, in the API, in a browser.
 */
import { bestIteration } from "./best-iteration.ts";
import { compactTree } from "./compact.ts";
import { ModelFormatError } from "./errors.ts";
import type {
  EndLine,
  HeaderLine,
  IterationLine,
  ModelColumn,
  SearchHeaderLine,
  TreeLine,
  TreesHeaderLine,
} from "./format.ts";
import { outputsOf, type Prediction, predictionsOf, sumsPerRow } from "./outputs.ts";
import { lineReader } from "./read.ts";
import { type Row, rowEncoder, RowError } from "./rows.ts";
import { NotFiniteError, type PipelineReader } from "./steps/pipeline.ts";
import { addVotes, type Voter, type VotersTable } from "./votes.ts";

export type { Prediction } from "./outputs.ts";
export { type Row, RowError } from "./rows.ts";

export interface Predictor {
  readonly header: HeaderLine;
  readonly columns: readonly ModelColumn[];
  /** Undefined for a part, or a file that was cut off after a whole line. */
  readonly end: EndLine | undefined;
  /** Trees that vote; of boosting those of the iterations up to the best one; undefined for a search. */
  readonly trees: number | undefined;
  /** @throws {RowError} for the first row that the model cannot take */
  predict(rows: readonly Row[]): Prediction[];
  /** The same as plain numbers, row by row: the value (regression), or the probabilities of the classes one after the other. */
  outputs(rows: readonly Row[]): Float64Array;
  /**
   * The same for rows that are already codes (see encode.ts), row by row, one byte a cell.
   * @throws {TypeError} for a model that computes with values (a search's, or trees with thresholds): codes do not say enough
   */
  predictCodes(codes: Uint8Array): Float64Array;
}

/**
 * Reads a model, line by line, a forest into about 10 bytes a node.
 * @throws {ModelFormatError} for a broken line, for a file without a tree, and for a pipeline that lacks a step
 */
export async function readModel(lines: AsyncIterable<string> | Iterable<string>): Promise<Predictor> {
  const reader = lineReader();
  const voters: Voter[] = [];
  const best = bestIteration();
  let steps = 0;
  for await (const text of lines) {
    const line = reader.next(text);
    if (line.kind === "step") steps++;
    if (line.kind === "iteration") best.add(line);
    if (line.kind === "tree" || line.kind === "iteration") voters.push(...votersOf(line, reader.header!));
  }
  const { header, end } = reader;
  if (header === undefined) throw new ModelFormatError("the file is empty");
  if (header.trainer === "search") {
    if (steps < header.search.steps)
      throw new ModelFormatError(`the model has ${steps} of ${header.search.steps} steps: nothing can be predicted`);
    return ofPipeline({ header, end, pipeline: reader.pipeline! });
  }
  if (voters.length === 0) throw new ModelFormatError("the model has no tree: nothing can be predicted");
  if (best.iteration !== undefined) voters.length = (best.iteration + 1) * sumsPerRow(header);
  return ofTrees({ header, voters, end });
}

function votersOf(line: TreeLine | IterationLine, { problemType }: HeaderLine): Voter[] {
  if (line.kind === "tree") return [{ tree: compactTree(line, problemType), output: 0 }];
  return line.trees.map((tree, output) => ({ tree: compactTree(tree, "regression"), output }));
}

interface Trees {
  readonly header: TreesHeaderLine;
  readonly voters: readonly Voter[];
  readonly end: EndLine | undefined;
}

function ofTrees({ header, voters, end }: Trees): Predictor {
  const { columns } = header;
  const encoder = rowEncoder(columns);
  const baseline = header.trainer === "gradientBoosting" ? header.gradientBoosting.baseline : undefined;
  const width = sumsPerRow(header);

  function outputsOfTable(table: VotersTable): Float64Array {
    const sums = new Float64Array(table.rows * width);
    if (baseline !== undefined) for (let i = 0; i < sums.length; i++) sums[i] = baseline[i % width]!;
    addVotes(voters, table, sums);
    return outputsOf(header, sums, voters.length);
  }

  function outputs(rows: readonly Row[]): Float64Array {
    const table = { rows: rows.length, columns: columns.length };
    return outputsOfTable({ ...table, codes: () => encoder.codes(rows), values: () => encoder.values(rows) });
  }

  return {
    header,
    columns,
    end,
    trees: voters.length,
    outputs,
    predict: (rows) => predictionsOf(header, outputs(rows)),
    predictCodes(codes) {
      const values = (): never => {
        throw new TypeError("the trees of this model compare values, not codes");
      };
      return outputsOfTable({
        rows: codes.length / columns.length,
        columns: columns.length,
        codes: () => codes,
        values,
      });
    },
  };
}

interface Steps {
  readonly header: SearchHeaderLine;
  readonly pipeline: PipelineReader;
  readonly end: EndLine | undefined;
}

/** A step may make five hundred columns of a few: what many rows become is never there as a whole. */
const rowsAtOnce = 1000;

function ofPipeline({ header, pipeline: reader, end }: Steps): Predictor {
  const { columns } = header;
  const encoder = rowEncoder(columns);
  const pipeline = reader.finish();

  function outputs(rows: readonly Row[]): Float64Array {
    const into = new Float64Array(rows.length * (header.classes?.length ?? 1));
    for (let first = 0; first < rows.length; first += rowsAtOnce)
      into.set(outputsOfSome(rows.slice(first, first + rowsAtOnce), first), (into.length / rows.length) * first);
    return into;
  }

  function outputsOfSome(rows: readonly Row[], first: number): Float64Array {
    try {
      const values = encoder.values(rows);
      return pipeline.apply({ rows: rows.length, columns: columns.length, values }).values;
    } catch (cause) {
      if (cause instanceof RowError)
        throw new RowError(cause.message, { row: first + cause.row, column: cause.column });
      if (!(cause instanceof NotFiniteError)) throw cause;
      throw new RowError(`is too far from the rows trained on: ${cause.message}`, { row: first + cause.row });
    }
  }

  return {
    header,
    columns,
    end,
    trees: undefined,
    outputs,
    predict: (rows) => predictionsOf(header, outputs(rows)),
    predictCodes() {
      throw new TypeError("the pipeline of this model computes with values, not codes");
    },
  };
}
