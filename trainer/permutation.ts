/**
 * Permutation importance (Breiman, "Random Forests", 2001, section 10, as scikit-learn's permutation_importance has it):
 * how much the main score of held-out rows falls when the values of one column are shuffled among them.
 *
 * No tree is kept for it. Each tree walks, when it is counted, with the rows as they are and with each shuffle of each
 * column that it asks for, and is then forgotten; so the memory is that of the rows' answers, and the cost, a walk per
 * row, column, shuffle and tree, is bounded beforehand by taking fewer rows: a sample by the seed.
 */
import type { TableColumn } from "../data/column.ts";
import type { Target } from "../data/target.ts";
import { bestIteration } from "../model/best-iteration.ts";
import type { CompactTree } from "../model/compact.ts";
import type { TreesHeaderLine, IterationLine, TreeLine } from "../model/format.ts";
import { type Random, random } from "../traintask/random.ts";
import { answers } from "./answers.ts";
import { askedColumns, type AskedColumns } from "./asked-columns.ts";
import { encodedRows, type EncodedRows, leafFinder } from "./encoded-rows.ts";
import { type MainMetric, mainMetric, mainScore, scoresOn } from "./scores.ts";

/** Shuffles of each column. */
const repeats = 5;
const maxRows = 10_000;
/** With fewer rows (of more) the drop of a score is noise. */
const fewRows = 50;
/** Walks of a row through a tree, in all: a second or two. */
const maxWalks = 10_000_000;
/** Numbers kept while trees are counted, in all: 64 MB. */
const maxAnswers = 8_000_000;
/** Nodes of boosting's trees kept until the end: about 40 MB. */
const maxKeptNodes = 2_000_000;
/** Names the numbers drawn here ("perm" in ASCII) among all that are drawn with a task's seed. */
const stream = 0x70_65_72_6d;

export interface PermutationImportances {
  readonly metric: MainMetric;
  /** Rows that were shuffled, and how many they are a sample of. */
  readonly rows: number;
  readonly of: number;
  readonly repeats: number;
  /** Mean and standard deviation (over the repeats, divided by their number) of the drop, greatest mean first. */
  readonly columns: readonly { readonly column: string; readonly mean: number; readonly deviation: number }[];
}
/** Why there are none. */
export interface LeftOut {
  readonly leftOut: string;
}

export interface PermutationInput {
  readonly header: TreesHeaderLine;
  /** Those of the table, in the order of the header's. */
  readonly columns: readonly TableColumn[];
  readonly target: Target;
  /** Numbers of the held-out rows. */
  readonly rows: Uint32Array;
  readonly seed: number;
  /** How many will be added. */
  readonly trees: number;
}

export interface Permutation {
  /** Takes the lines in the order of their index. */
  add(line: TreeLine | IterationLine): void;
  /** Undefined without held-out rows. */
  finish(): PermutationImportances | LeftOut | undefined;
}

/** For trees whose number is known beforehand. */
export function permutation(input: PermutationInput): Permutation {
  const { header, columns, target, rows, seed, trees } = input;
  const allowed = rowsAllowed(input);
  const none = { add: () => undefined };
  if (rows.length === 0) return { ...none, finish: () => undefined };
  if (allowed < Math.min(rows.length, fewRows)) {
    const size = `${columns.length} columns, ${header.classes?.length ?? 1} outputs and ${trees} trees`;
    const leftOut = `${size} are too many to shuffle ${Math.min(rows.length, fewRows)} rows with.`;
    return { ...none, finish: () => ({ leftOut }) };
  }
  const sample = shuffled(rows, random(seed, stream), allowed).toSorted();
  const encoded = encodedRows(header.columns, columns, sample);
  const positions = Uint32Array.from(sample.keys());
  const sources = columns.flatMap((_, column) =>
    Array.from({ length: repeats }, (__, repeat) => shuffled(positions, random(seed, stream, column, repeat))),
  );
  const sums = answers(header, (sources.length + 1) * sample.length);
  return {
    add: (line) =>
      sums.add(line, (tree, { feature }) =>
        blockLeaves(tree, askedColumns(feature, columns.length), { encoded, sources }),
      ),
    finish() {
      const found = importances(input, sample, sums.outputs());
      if (found === undefined) return { leftOut: `${mainMetric(target)} does not exist on these rows.` };
      return { metric: mainMetric(target), rows: sample.length, of: rows.length, repeats, ...found };
    },
  };
}

/**
 * For boosting, which may end long before the iterations that were asked for, and predicts by the best of them: its trees
 * are small, so the lines are kept and walk at the end.
 */
export function boostingPermutation(input: Omit<PermutationInput, "trees">): Permutation {
  const best = bestIteration();
  const lines: IterationLine[] = [];
  let nodes = 0;
  return {
    add(line) {
      if (line.kind !== "iteration" || input.rows.length === 0 || nodes > maxKeptNodes) return;
      best.add(line);
      lines.push(line);
      nodes += line.trees.reduce((sum, { feature }) => sum + feature.length, 0);
    },
    finish() {
      if (nodes > maxKeptNodes) return { leftOut: `The trees have more than ${maxKeptNodes} nodes.` };
      const used = lines.slice(0, (best.iteration ?? -1) + 1);
      const trees = used.reduce((sum, line) => sum + line.trees.length, 0);
      const walking = permutation({ ...input, trees });
      for (const line of used) walking.add(line);
      return walking.finish();
    },
  };
}

/** Rows whose cost is within the bounds, at most those that there are. */
function rowsAllowed({ header, columns, rows, trees }: PermutationInput): number {
  const blocks = columns.length * repeats + 1;
  return Math.min(
    rows.length,
    maxRows,
    Math.floor(maxWalks / (blocks * trees)),
    Math.floor(maxAnswers / (blocks * (header.classes?.length ?? 1))),
  );
}

/** Fisher and Yates' shuffle; where only the first `count` places are wanted, of those alone. */
function shuffled(values: Uint32Array, generator: Random, count = values.length): Uint32Array {
  const drawn = values.slice();
  for (let place = 0; place < count; place++) {
    const other = place + generator.below(drawn.length - place);
    [drawn[place], drawn[other]] = [drawn[other]!, drawn[place]!];
  }
  return drawn.subarray(0, count);
}

interface Blocks {
  readonly encoded: EncodedRows;
  /** For each shuffle of each column the row whose value each row is given. */
  readonly sources: readonly Uint32Array[];
}

/**
 * The leaves of all blocks of rows: block 0 is the rows as they are, block `1 + column * repeats + repeat` has that column
 * shuffled. A row whose way to its leaf does not ask for the column stays where it is.
 */
function blockLeaves(tree: CompactTree, asked: AskedColumns, { encoded, sources }: Blocks): Int32Array {
  const { rows } = encoded;
  const leaves = new Int32Array((sources.length + 1) * rows);
  const asTheyAre = leaves.subarray(0, rows);
  const cells = encoded.cells(tree).slice();
  const find = leafFinder(tree, cells, rows);
  for (let row = 0; row < rows; row++) asTheyAre[row] = find(row);
  sources.forEach((source, index) => {
    const block = leaves.subarray((index + 1) * rows, (index + 2) * rows);
    const column = Math.floor(index / repeats);
    const original = cells.slice(column * rows, (column + 1) * rows);
    for (let row = 0; row < rows; row++) {
      if (!asked.has(asTheyAre[row]!, column)) block[row] = asTheyAre[row]!;
      else {
        cells[column * rows + row] = original[source[row]!]!;
        block[row] = find(row);
      }
    }
    cells.set(original, column * rows);
  });
  return leaves;
}

function importances(
  { header, target }: PermutationInput,
  sample: Uint32Array,
  outputs: Float64Array,
): Pick<PermutationImportances, "columns"> | undefined {
  const width = sample.length * (header.classes?.length ?? 1);
  const scoreOf = (block: number): number | undefined =>
    mainScore(target, scoresOn(target, sample, outputs.subarray(block * width, (block + 1) * width)));
  const asTheyAre = scoreOf(0);
  if (asTheyAre === undefined) return undefined;
  const columns = header.columns.map(({ name }, column) => {
    const drops = Array.from({ length: repeats }, (_, repeat) => asTheyAre - scoreOf(1 + column * repeats + repeat)!);
    return { column: name, ...meanAndDeviation(drops) };
  });
  return { columns: columns.toSorted((a, b) => b.mean - a.mean) };
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
