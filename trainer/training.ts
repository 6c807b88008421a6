/**
 * One run from data to report, as a sequence of plain calls: prepare, then add or grow each tree once in the order of its
 * index, then report. No clock, no network but the opening of the data, no thread: the same in a worker and in a test.
 */
import { type Split, splitRows } from "../data/split.ts";
import { readTable, type Table } from "../data/table.ts";
import { type EndBuilder, endBuilder } from "../model/end.ts";
import { formatVersion, type HeaderLine, type TreeLine } from "../model/format.ts";
import { lineReader } from "../model/read.ts";
import { writeLine } from "../model/write.ts";
import { ConfigurationError } from "./errors.ts";
import { type Forest, ForestOptionError, prepareForest } from "./forest/forest.ts";
import type { Grown, Grower, Prepared, Snapshot } from "./grower.ts";
import { heldOut } from "./held-out.ts";
import type { Report } from "./report.ts";
import type { TrainingRequest } from "./request.ts";
import { Scoreboard } from "./scoreboard.ts";
import { specDigest } from "./spec-digest.ts";
import { type Sources, tableSource } from "./source.ts";

/** A grower that works on this very thread. */
export function training(request: TrainingRequest, sources: Sources): Grower {
  let run: Run | undefined;
  const running = (): Run => {
    if (run === undefined) throw new Error("the training is not prepared");
    return run;
  };
  return {
    async prepare() {
      const source = tableSource(request.config, sources);
      const table = await readTable(await source.open(), source.options);
      run = new Run(request, table);
      return run.prepared;
    },
    add: async (text) => running().add(text),
    grow: async (tree) => running().grow(tree),
    report: async () => JSON.stringify(running().report()),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

class Run {
  readonly prepared: Prepared;
  readonly #table: Table;
  readonly #forest: Forest;
  readonly #header: HeaderLine;
  readonly #scores: Scoreboard;
  readonly #end: EndBuilder;
  readonly #stored = lineReader();

  constructor({ config, randomForest }: TrainingRequest, table: Table) {
    const { seed, dataset } = config;
    const { columns, target } = table;
    const trees = randomForest.nEstimators;
    const split = splitRows(target, { testFraction: dataset.testFraction, seed });
    const forest = orRefuse(() => prepareForest({ columns, target, rows: split.train, options: randomForest, seed }));
    this.#table = table;
    this.#forest = forest;
    this.#header = {
      kind: "header",
      version: formatVersion,
      trainer: "randomForest",
      data: table.digest,
      spec: specDigest(config),
      target: target.name,
      ...forest.header,
    };
    this.#scores = new Scoreboard({
      target,
      split,
      forest,
      trees,
      heldOut: heldOut(this.#header, columns, split.test),
    });
    this.#end = endBuilder(this.#header);
    this.prepared = {
      header: writeLine(this.#header),
      grower: this.#header.grower,
      trees,
      rows: { train: split.train.length, test: split.test.length },
      columns: columns.length,
      problemType: target.problemType,
      warnings: [...table.warnings, ...splitWarnings(split, dataset.testFraction)],
    };
    this.#stored.next(this.prepared.header);
  }

  add(text: string): Snapshot {
    const line = this.#stored.next(text);
    if (line.kind !== "tree") throw new TypeError(`a stored line is a ${line.kind}, not a tree`);
    return this.#count(line);
  }

  grow(tree: number): Grown {
    const line = this.#forest.growTree(tree);
    return { tree, text: writeLine(line), snapshot: this.#count(line) };
  }

  report(): Report {
    const { importances, trees } = this.#end.finish();
    const { problemType, rows, warnings } = this.prepared;
    const outOfBag = this.#scores.outOfBag();
    const held = this.#scores.heldOut();
    const { score } = this.#scores.snapshot();
    const { name, ...target } = this.#table.target;
    return {
      kind: "report",
      version: 1,
      problemType,
      target: name,
      ...(target.problemType === "classification" ? { classes: target.classes } : {}),
      rows,
      trees: { grown: trees, asked: this.prepared.trees },
      ...(score === undefined ? {} : { score }),
      ...(held === undefined ? {} : { heldOut: held }),
      ...(outOfBag === undefined ? {} : { outOfBag }),
      importances: this.#header.columns
        .map((column, index) => ({ column: column.name, importance: importances[index]! }))
        .toSorted((a, b) => b.importance - a.importance),
      curve: this.#scores.curve,
      warnings,
    };
  }

  #count(line: TreeLine): Snapshot {
    this.#end.add(line);
    return this.#scores.count(line);
  }
}

function splitWarnings({ train, test }: Split, testFraction: string): string[] {
  if (test.length > 0 || Number(testFraction) === 0) return [];
  return [`testFraction ${testFraction} of ${train.length} rows is none: there is no held-out score.`];
}

function orRefuse<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    if (!(error instanceof ForestOptionError)) throw error;
    throw new ConfigurationError(`spec.trainer.randomForest.${error.message}`, { cause: error });
  }
}
