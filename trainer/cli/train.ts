/**
 * `npm run train -- task.yaml [--data rows.csv] [--threads n] --out model.jsonl`: trains on this machine, without cluster
 * or API and on all its cores, the very model that a pod would: same data, spec and seed, same bytes.
 */
import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type EndBuilder, endBuilder } from "../../model/end.ts";
import { lineReader } from "../../model/read.ts";
import { writeLine } from "../../model/write.ts";
import { systemClock } from "../clock.ts";
import { availableCores } from "../cores.ts";
import { grownLines } from "../grown-lines.ts";
import type { DataAccess, Grower } from "../grower.ts";
import { memoryLimit } from "../memory.ts";
import type { Report } from "../report.ts";
import { type TrainingRequest, trainingRequest } from "../request.ts";
import { processSearcher } from "../search/searcher.ts";
import { threadGrower } from "../thread.ts";
import { command, UsageError } from "./ending.ts";
import { progressBar } from "./progress-bar.ts";
import { reportText } from "./report-text.ts";
import { searchReportText } from "./search-report-text.ts";
import { readTaskFile } from "./task-file.ts";
import { foundModel } from "./train-search.ts";

const usage = "Usage: npm run train -- task.yaml [--data rows.csv] [--threads n] --out model.jsonl";

interface Arguments {
  readonly task: string;
  readonly out: string;
  readonly data: string | undefined;
  readonly threads: number;
}

function readArguments(): Arguments {
  try {
    const { values, positionals } = parseArgs({
      options: { data: { type: "string" }, threads: { type: "string" }, out: { type: "string" } },
      allowPositionals: true,
    });
    const [task, ...more] = positionals;
    const threads = values.threads === undefined ? availableCores() : Number(values.threads);
    const isCount = Number.isInteger(threads) && threads > 0;
    if (task === undefined || more.length > 0 || values.out === undefined || !isCount) throw new UsageError(usage);
    return { task, out: values.out, data: values.data, threads };
  } catch (error) {
    throw new UsageError(error instanceof UsageError ? usage : `${(error as Error).message}\n${usage}`);
  }
}

await command(async () => {
  const { task, out, data, threads } = readArguments();
  const request = trainingRequest(await readTaskFile(task));
  const access: DataAccess = data === undefined ? {} : { file: data };
  const unfinished = `${out}.unfinished`;
  try {
    const { digest, text } = await trained(unfinished, { request, access, threads });
    await rename(unfinished, out);
    console.log(`${text}\n\n${out}\n${digest}`);
  } finally {
    await rm(unfinished, { force: true });
  }
});

interface Training {
  readonly request: TrainingRequest;
  readonly access: DataAccess;
  readonly threads: number;
}

interface Trained {
  /** `sha256:<hex>` of the file. */
  readonly digest: string;
  /** The report, for a terminal. */
  readonly text: string;
}

/** Writes the model. */
async function trained(path: string, { request, access, threads }: Training): Promise<Trained> {
  const { asked, config } = request;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once("SIGINT", interrupt);
  try {
    if (asked.trainer === "search") {
      const options = { cores: threads, memoryBytes: memoryLimit() };
      using searcher = processSearcher({ config, spec: asked.options, access }, options);
      interrupted.signal.addEventListener("abort", () => searcher.close());
      const { lines, report } = await foundModel(searcher, interrupted.signal);
      return { digest: await writeModel(path, lines), text: searchReportText(report) };
    }
    await using grower = threadGrower({ request, access }, { threads });
    interrupted.signal.addEventListener("abort", () => void grower.close());
    const digest = await writeModel(path, grownModel(grower));
    return { digest, text: reportText(JSON.parse(await grower.report()) as Report) };
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** Header and trees, as they are grown. */
async function* grownModel(grower: Grower): AsyncGenerator<string, void> {
  const { header, indices, ahead, unit } = await grower.prepare();
  yield header;
  const bar = progressBar(process.stderr, { total: indices.length, unit }, () => systemClock.monotonic());
  try {
    for await (const { text, snapshot } of grownLines(grower, { indices, ahead })) {
      yield text;
      bar.draw(snapshot);
    }
  } finally {
    bar.clear();
  }
}

/** Writes the lines and, below them, the end line. @returns `sha256:<hex>` of the file */
async function writeModel(path: string, lines: Iterable<string> | AsyncIterable<string>): Promise<string> {
  await using file = await open(path, "w");
  const hash = createHash("sha256");
  const reader = lineReader();
  let end: EndBuilder | undefined;
  const write = async (text: string): Promise<void> => {
    hash.update(`${text}\n`);
    await file.write(`${text}\n`);
  };
  for await (const text of lines) {
    const line = reader.next(text);
    if (line.kind === "header") end = endBuilder(line);
    else if (line.kind !== "end") end?.add(line);
    await write(text);
  }
  if (end === undefined) throw new TypeError("the model has no header");
  await write(writeLine(end.finish()));
  return `sha256:${hash.digest("hex")}`;
}
