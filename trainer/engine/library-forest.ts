/**
 * A forest by the library ml-random-forest, in its own process: the engine for small data. Tree `i` is a pure function of (data, options, seed, i) here too.
 *
 * The library answers a class by the vote of its trees. A model of ours answers the mean of the leaves' shares, whatever
 * grew its trees, so its label may differ where the vote is close; each tree for itself answers what the library's does.
 */
import type { ModelColumn, TreeLine } from "../../model/format.ts";
import { random } from "../../traintask/random.ts";
import { bootstrapDraw } from "../forest/bootstrap.ts";
import type { ForestHeader, ForestInput } from "../forest/input.ts";
import { type ForestSettings, forestSettings } from "../forest/options.ts";
import { GrowerProcess } from "./grower-process.ts";
import { treeArrays } from "./leaf-values.ts";
import type { LibraryDraw, LibraryTable } from "./library-tree.ts";
import { type OutOfBagVotes, votesOutOfBag } from "./out-of-bag.ts";
import { cellOf, refuseData, refuseOptions } from "./options.ts";

/** Stands in the header of each model, with the version of the library that the lock file has. */
export const libraryGrower = "ml-random-forest/2.1.0 traintask/1";
/** Names the numbers drawn here ("mlrf" in ASCII) among all that are drawn with a task's seed. */
const stream = 0x6d_6c_72_66;

export interface LibraryForest {
  readonly header: ForestHeader;
  /** Grows tree `tree` (0-based). Rejects with ConfigurationError where the library passed a limit. */
  growTree(tree: number): Promise<TreeLine>;
  /** Of trees grown or read back, none so far. */
  votes(): OutOfBagVotes;
  /** Ends the library's process. */
  close(): void;
}

/**
 * @throws ConfigurationError for what the library cannot honour or would not get through
 * @throws ForestOptionError for an option that does not fit the data
 * @throws DataError for a missing value
 */
export function prepareLibraryForest(
  input: ForestInput,
  start: (table: LibraryTable) => Pick<GrowerProcess, "grow" | "close"> = (table) => new GrowerProcess(table),
): LibraryForest {
  const { columns, options, rows, seed, target } = input;
  refuseOptions(options, target);
  refuseData(input);
  const settings = forestSettings(
    { ...options, engine: "histogram" },
    { problemType: target.problemType, rows: rows.length, columns: columns.length },
  );
  const table = tableOf(input, settings);
  const all = new Uint32Array(rows.length).fill(1);
  const drawn = bootstrapDraw({ seed, rows: rows.length, draws: settings.draws });
  const weightsOf = settings.bootstrap ? drawn : (): Uint32Array => all;
  const drawOf = (tree: number): LibraryDraw => ({
    // The library's seed is a signed integer of 32 bits.
    seed: random(seed, stream, tree).uint32() | 0,
    rows: repeated(weightsOf(tree)),
  });
  const library = start(table);
  return {
    header: headerOf(input),
    async growTree(tree) {
      const draw = drawOf(tree);
      return { kind: "tree", tree, ...treeArrays(await library.grow(draw), table, draw) };
    },
    votes: () => votesOutOfBag(table, weightsOf),
    close: () => library.close(),
  };
}

function headerOf({ columns, target, rows, options }: ForestInput): ForestHeader {
  return {
    grower: libraryGrower,
    problemType: target.problemType,
    ...(target.problemType === "classification" ? { classes: target.classes } : {}),
    columns: columns.map((column): ModelColumn =>
      column.type === "number"
        ? { name: column.name, type: "number", edges: [] }
        : { name: column.name, type: "category", categories: column.categories },
    ),
    rows: rows.length,
    randomForest: { nEstimators: options.nEstimators },
  };
}

/** The rows to train on, numbered from 0. */
function tableOf({ columns, target, rows }: ForestInput, { maxDepth, minSamplesSplit }: ForestSettings): LibraryTable {
  const cells = new Float64Array(rows.length * columns.length);
  columns.forEach((column, c) =>
    rows.forEach((row, place) => (cells[place * columns.length + c] = cellOf(column, row))),
  );
  const truth = target.problemType === "regression" ? target.values : target.codes;
  return {
    cells,
    columns: columns.length,
    truth: Float64Array.from(rows, (row) => truth[row]!),
    classes: target.problemType === "regression" ? 0 : target.classes.length,
    maxDepth,
    minSamplesSplit,
  };
}

/** Each row as often as it was drawn, ascending. */
function repeated(weights: Uint32Array): Uint32Array {
  const draws = weights.reduce((sum, weight) => sum + weight, 0);
  const rows = new Uint32Array(draws);
  let place = 0;
  weights.forEach((weight, row) => {
    rows.fill(row, place, place + weight);
    place += weight;
  });
  return rows;
}
