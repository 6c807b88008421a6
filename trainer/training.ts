/**
 * One run from data to report, as a sequence of plain calls: prepare, then add or grow each line once in the order of its
 * index, then report. No clock and no network but the opening of the data: the same in a worker and in a test.
 */
import { type Split, splitRows } from "../data/split.ts";
import { readTable, type Table } from "../data/table.ts";
import { ModelFormatError } from "../model/errors.ts";
import { formatVersion, type TreesHeaderLine } from "../model/format.ts";
import { type LineReader, lineReader } from "../model/read.ts";
import { writeLine } from "../model/write.ts";
import { boostingGrowth } from "./boosting-growth.ts";
import { type Counting, counting } from "./counting.ts";
import { forestGrowth } from "./forest-growth.ts";
import type { Grown, Grower, Prepared, Snapshot } from "./grower.ts";
import { type Countable, type Growth, indexOf, type MadeLine } from "./growth.ts";
import type { TrainingRequest } from "./request.ts";
import { unobserved } from "./unobserved.ts";
import { type Sources, tableSource } from "./source.ts";
import { specDigest } from "./spec-digest.ts";
import { splitWarnings } from "./split-warnings.ts";

export interface TrainingOptions {
  /** How many threads may grow. One: the growing is done on this very thread. */
  readonly threads?: number;
}

/** A grower that reads and counts on this very thread. */
export function training(request: TrainingRequest, sources: Sources, { threads = 1 }: TrainingOptions = {}): Grower {
  const inTurn = turns();
  let run: Promise<Run> | undefined;
  const running = (): Promise<Run> => run ?? Promise.reject(new Error("the training is not prepared"));
  async function close(): Promise<void> {
    await run?.then(
      (prepared) => prepared.close(),
      () => undefined,
    );
  }
  return {
    async prepare() {
      run = inTurn(async () => {
        const source = tableSource(request.config, sources);
        const table = await readTable(await source.open(), source.options);
        const { dataset, seed } = request.config;
        const split = splitRows(table.target, { testFraction: dataset.testFraction, seed });
        return new Run(request, { table, split, growth: await growthOf(request, table, { split, threads }) });
      });
      return (await run).prepared;
    },
    // Grown and taken over at once, where a thread is free, and counted when it is its turn.
    add(text) {
      const taken = unobserved(running().then((prepared) => prepared.take(text)));
      return inTurn(async () => (await running()).count(await taken));
    },
    grow(index) {
      const made = unobserved(running().then((prepared) => prepared.grow(index)));
      return inTurn(async () => (await running()).countGrown(index, await made));
    },
    recount: () => inTurn(async () => (await running()).recount()),
    report: () => inTurn(async () => JSON.stringify((await running()).report())),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Does one thing after the other, in the order in which they were asked for. */
function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** Lines that are counted, and the indices that they must have. */
interface Count {
  readonly indices: readonly number[];
  readonly counting: Counting;
  readonly reader: LineReader;
  counted: number;
}

class Run {
  readonly prepared: Prepared;
  readonly #table: Table;
  readonly #split: Split;
  readonly #growth: Growth;
  readonly #header: TreesHeaderLine;
  readonly #seed: number;
  #count: Count;

  constructor(
    { config, share }: TrainingRequest,
    { table, split, growth }: { readonly table: Table; readonly split: Split; readonly growth: Growth },
  ) {
    const { seed, dataset } = config;
    this.#table = table;
    this.#seed = seed;
    this.#split = split;
    this.#growth = growth;
    const { header, unit, total, ahead } = growth;
    this.#header = {
      kind: "header",
      version: formatVersion,
      data: table.digest,
      spec: specDigest(config),
      target: table.target.name,
      ...header,
    };
    const all = Array.from({ length: total }, (_, index) => index);
    this.prepared = {
      header: writeLine(this.#header),
      grower: header.grower,
      unit,
      total,
      indices: all.filter((index) => index % share.shards === share.shard),
      ahead,
      rows: { train: this.#split.train.length, test: this.#split.test.length },
      columns: table.columns.length,
      problemType: table.target.problemType,
      warnings: [...table.warnings, ...splitWarnings(this.#split, dataset.testFraction)],
    };
    this.#count = this.#newCount(this.prepared.indices);
  }

  async take(text: string): Promise<Countable> {
    const line = this.#count.reader.next(text);
    if (line.kind !== "tree" && line.kind !== "iteration")
      throw new ModelFormatError(`a stored line is of kind "${line.kind}", where ${this.prepared.unit} should be`);
    return this.#growth.take(line);
  }

  grow(index: number): Promise<MadeLine | undefined> {
    return this.#growth.grow(index);
  }

  countGrown(index: number, made: MadeLine | undefined): Grown | undefined {
    return made && { index, text: made.text, snapshot: this.count(made) };
  }

  count(countable: Countable): Snapshot {
    const { line } = countable;
    const expected = this.#count.indices[this.#count.counted];
    if (indexOf(line) !== expected)
      throw new ModelFormatError(`${line.kind} ${indexOf(line)} stands where ${line.kind} ${expected} is expected`);
    this.#count.counted += 1;
    return this.#count.counting.count(countable);
  }

  recount(): void {
    this.#count = this.#newCount(Array.from({ length: this.prepared.total }, (_, index) => index));
  }

  report(): object {
    return this.#count.counting.report();
  }

  close(): Promise<void> {
    return this.#growth.close();
  }

  #newCount(indices: readonly number[]): Count {
    const { header, warnings } = this.prepared;
    const reader = lineReader();
    reader.next(header);
    const of = { header: this.#header, table: this.#table, split: this.#split, seed: this.#seed };
    const votes = this.#growth.votes();
    return { indices, counting: counting({ ...of, warnings, votes, lines: indices.length }), reader, counted: 0 };
  }
}

async function growthOf(
  { config, asked }: TrainingRequest,
  { columns, target, weights }: Table,
  { split, threads }: { split: Split; threads: number },
): Promise<Growth> {
  const weighted = weights === undefined ? {} : { weights };
  const data = { columns, target, rows: split.train, seed: config.seed, ...weighted };
  if (asked.trainer === "randomForest" && asked.options.engine === "ml-random-forest") {
    // The library and what its process takes are loaded by those who ask for it.
    const { libraryGrowth } = await import("./engine/library-growth.ts");
    return libraryGrowth({ ...data, options: asked.options });
  }
  if (asked.trainer === "randomForest") return forestGrowth({ ...data, options: asked.options }, { threads });
  if (asked.trainer === "gradientBoosting") return boostingGrowth({ ...data, options: asked.options });
  throw new TypeError("a search grows nothing line by line: see trainer/search/run.ts");
}
