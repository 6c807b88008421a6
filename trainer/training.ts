/**
 * One run from data to report, as a sequence of plain calls: prepare, then add or grow each tree once in the order of its
 * index, then report. No clock, no network but the opening of the data, no thread: the same in a worker and in a test.
 */
import { splitRows } from "../data/split.ts";
import { readTable, type Table } from "../data/table.ts";
import { endBuilder } from "../model/end.ts";
import { formatVersion, type HeaderLine, type TreeLine } from "../model/format.ts";
import { lineReader } from "../model/read.ts";
import { writeLine } from "../model/write.ts";
import { type CurvePoint, isCurvePoint } from "./curve.ts";
import { ConfigurationError } from "./errors.ts";
import { type Forest, ForestOptionError, prepareForest } from "./forest/forest.ts";
import type { Grown, Grower, Prepared, Snapshot } from "./grower.ts";
import { type HeldOut, heldOut } from "./held-out.ts";
import type { Metric } from "./metrics.ts";
import { type Report, type Scores, scoresOn, scoreText } from "./report.ts";
import type { TrainingRequest } from "./request.ts";
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
      const source = tableSource(request.config.dataset, sources);
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
  readonly #split: { train: Uint32Array; test: Uint32Array };
  readonly #forest: Forest;
  readonly #header: HeaderLine;
  readonly #heldOut: HeldOut;
  readonly #end: ReturnType<typeof endBuilder>;
  readonly #stored = lineReader();
  readonly #curve: CurvePoint[] = [];
  readonly #warnings: readonly string[];
  #trees = 0;
  #snapshot: Snapshot = { trees: 0, metrics: [], curve: [] };

  constructor({ config, randomForest }: TrainingRequest, table: Table) {
    const { seed, dataset } = config;
    this.#table = table;
    this.#split = splitRows(table.target, { testFraction: dataset.testFraction, seed });
    const { train, test } = this.#split;
    this.#forest = orRefuse(() =>
      prepareForest({ columns: table.columns, target: table.target, rows: train, options: randomForest, seed }),
    );
    this.#header = {
      kind: "header",
      version: formatVersion,
      trainer: "randomForest",
      data: table.digest,
      spec: specDigest(config),
      target: table.target.name,
      ...this.#forest.header,
    };
    const header = writeLine(this.#header);
    this.#stored.next(header);
    this.#heldOut = heldOut(this.#header, table.columns, test);
    this.#end = endBuilder(this.#header);
    const noTestRow = test.length === 0 && Number(dataset.testFraction) > 0;
    this.#warnings = [
      ...table.warnings,
      ...(noTestRow
        ? [`testFraction ${dataset.testFraction} of ${table.rows} rows is none: there is no held-out score.`]
        : []),
    ];
    this.prepared = {
      header,
      grower: this.#header.grower,
      trees: randomForest.nEstimators,
      rows: { train: train.length, test: test.length },
      columns: table.columns.length,
      problemType: table.target.problemType,
      warnings: this.#warnings,
    };
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
    const { target } = this.#table;
    const outOfBag = this.#outOfBagScores();
    const held = this.#heldOutScores();
    const { score } = this.#snapshotNow();
    return {
      kind: "report",
      version: 1,
      problemType: target.problemType,
      target: target.name,
      ...(target.problemType === "classification" ? { classes: target.classes } : {}),
      rows: this.prepared.rows,
      trees: { grown: trees, asked: this.prepared.trees },
      ...(score === undefined ? {} : { score }),
      ...(held === undefined ? {} : { heldOut: held }),
      ...(outOfBag === undefined ? {} : { outOfBag }),
      importances: this.#header.columns
        .map(({ name }, index) => ({ column: name, importance: importances[index]! }))
        .toSorted((a, b) => b.importance - a.importance),
      curve: this.#curve,
      warnings: this.#warnings,
    };
  }

  #count(line: TreeLine): Snapshot {
    this.#end.add(line);
    this.#forest.addOutOfBag(line);
    this.#heldOut.add(line);
    this.#trees += 1;
    if (isCurvePoint(this.#trees, this.prepared.trees)) {
      const point = this.#mainScore();
      if (point !== undefined) this.#curve.push({ trees: this.#trees, score: point.value });
      this.#snapshot = this.#snapshotNow();
    }
    return { ...this.#snapshot, trees: this.#trees };
  }

  #snapshotNow(): Snapshot {
    const main = this.#mainScore();
    const outOfBag = this.#forest.outOfBag();
    const held = this.#heldOutScores();
    return {
      trees: this.#trees,
      ...(main === undefined ? {} : { score: scoreText(main.metric, main.value) }),
      metrics: [
        ...(held?.metrics.map(({ name, value }): Metric => ({ name: `held_out_${name}`, value })) ?? []),
        ...(outOfBag === undefined ? [] : [{ name: `out_of_bag_${outOfBag.metric}`, value: outOfBag.score }]),
      ],
      curve: [...this.#curve],
    };
  }

  /** Held out if there are test rows, else out-of-bag. */
  #mainScore(): { metric: "accuracy" | "r2"; value: number } | undefined {
    if (this.#split.test.length === 0) {
      const outOfBag = this.#forest.outOfBag();
      return outOfBag && { metric: outOfBag.metric, value: outOfBag.score };
    }
    const metric = this.prepared.problemType === "classification" ? "accuracy" : "r2";
    const value = this.#heldOutScores()?.metrics.find(({ name }) => name === metric)?.value;
    return value === undefined ? undefined : { metric, value };
  }

  #heldOutScores(): Scores | undefined {
    if (this.#trees === 0) return undefined;
    return scoresOn(this.#table.target, this.#split.test, this.#heldOut.predictions());
  }

  #outOfBagScores(): Scores | undefined {
    if (this.#forest.outOfBag() === undefined) return undefined;
    return scoresOn(this.#table.target, this.#split.train, this.#forest.outOfBagPredictions());
  }
}

function orRefuse<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    if (!(error instanceof ForestOptionError)) throw error;
    throw new ConfigurationError(`spec.trainer.randomForest.${error.message}`, { cause: error });
  }
}
