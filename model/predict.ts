/**
 * Prediction. A forest answers the mean of the leaves that its trees lead a row to, boosting what its iterations up to the
 * best one add to its baseline. Trees count in order of their index, so a model gives the same bits wherever it runs: in
 * the trainer, in the API, in a browser.
 */
import { bestIteration } from "./best-iteration.ts";
import { compactTree } from "./compact.ts";
import { ModelFormatError } from "./errors.ts";
import type { EndLine, HeaderLine, IterationLine, ModelColumn, TreeLine } from "./format.ts";
import { outputsOf, type Prediction, predictionsOf, sumsPerRow } from "./outputs.ts";
import { readLines } from "./read.ts";
import { type Row, rowEncoder } from "./rows.ts";
import { addVotes, type Voter, type VotersTable } from "./votes.ts";

export type { Prediction } from "./outputs.ts";
export { type Row, RowError } from "./rows.ts";

export interface Predictor {
  readonly header: HeaderLine;
  readonly columns: readonly ModelColumn[];
  /** Undefined for a part, or a file that was cut off after a whole line. */
  readonly end: EndLine | undefined;
  /** Trees that vote; of boosting those of the iterations up to the best one. */
  readonly trees: number;
  /** @throws {RowError} for the first row that the model cannot take */
  predict(rows: readonly Row[]): Prediction[];
  /** The same as plain numbers, row by row: the value (regression), or the probabilities of the classes one after the other. */
  outputs(rows: readonly Row[]): Float64Array;
  /**
   * The same for rows that are already codes (see encode.ts), row by row, one byte a cell.
   * @throws {TypeError} for a model whose trees have thresholds: codes do not say enough
   */
  predictCodes(codes: Uint8Array): Float64Array;
}

/**
 * Reads a model, line by line, into about 10 bytes a node.
 * @throws {ModelFormatError} for a broken line, and for a file without a tree
 */
export async function readModel(lines: AsyncIterable<string> | Iterable<string>): Promise<Predictor> {
  const voters: Voter[] = [];
  const best = bestIteration();
  let header: HeaderLine | undefined;
  let end: EndLine | undefined;
  for await (const line of readLines(lines)) {
    if (line.kind === "header") header = line;
    else if (line.kind === "end") end = line;
    else {
      voters.push(...votersOf(line, header!));
      if (line.kind === "iteration") best.add(line);
    }
  }
  if (header === undefined) throw new ModelFormatError("the file is empty");
  if (voters.length === 0) throw new ModelFormatError("the model has no tree: nothing can be predicted");
  if (best.iteration !== undefined) voters.length = (best.iteration + 1) * sumsPerRow(header);
  return predictor({ header, voters, end });
}

function votersOf(line: TreeLine | IterationLine, { problemType }: HeaderLine): Voter[] {
  if (line.kind === "tree") return [{ tree: compactTree(line, problemType), output: 0 }];
  return line.trees.map((tree, output) => ({ tree: compactTree(tree, "regression"), output }));
}

interface Parts {
  readonly header: HeaderLine;
  readonly voters: readonly Voter[];
  readonly end: EndLine | undefined;
}

function predictor({ header, voters, end }: Parts): Predictor {
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
