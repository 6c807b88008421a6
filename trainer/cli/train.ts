/**
 * `npm run train -- task.yaml [--data rows.csv] [--threads n] --out model.jsonl`: trains on this machine, without cluster
 * or API and on all its cores, the very model that a pod would: same data, spec and seed, same bytes.
 */
import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { endBuilder } from "../../model/end.ts";
import { lineReader } from "../../model/read.ts";
import { writeLine } from "../../model/write.ts";
import { systemClock } from "../clock.ts";
import { availableCores } from "../cores.ts";
import { grownLines } from "../grown-lines.ts";
import type { Grower } from "../grower.ts";
import type { Report } from "../report.ts";
import { trainingRequest } from "../request.ts";
import { threadGrower } from "../thread.ts";
import { command, UsageError } from "./ending.ts";
import { progressBar } from "./progress-bar.ts";
import { reportText } from "./report-text.ts";
import { readTaskFile } from "./task-file.ts";

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
  await using grower = threadGrower({ request, access: data === undefined ? {} : { file: data } }, { threads });
  const interrupted = (): void => void grower.close();
  process.once("SIGINT", interrupted);
  const unfinished = `${out}.unfinished`;
  try {
    const digest = await writeModel(unfinished, grower);
    const report = JSON.parse(await grower.report()) as Report;
    await rename(unfinished, out);
    console.log(`${reportText(report)}\n\n${out}\n${digest}`);
  } finally {
    process.off("SIGINT", interrupted);
    await rm(unfinished, { force: true });
  }
});

/** Writes header, trees and end line. @returns `sha256:<hex>` of the file */
async function writeModel(path: string, grower: Grower): Promise<string> {
  await using file = await open(path, "w");
  const { header, indices, ahead, unit } = await grower.prepare();
  const hash = createHash("sha256");
  const reader = lineReader();
  const parsed = reader.next(header);
  if (parsed.kind !== "header") throw new TypeError("the grower's first line is no header");
  const end = endBuilder(parsed);
  const write = async (line: string): Promise<void> => {
    hash.update(`${line}\n`);
    await file.write(`${line}\n`);
  };
  await write(header);
  const bar = progressBar(process.stderr, { total: indices.length, unit }, () => systemClock.monotonic());
  try {
    for await (const { text, snapshot } of grownLines(grower, { indices, ahead })) {
      const line = reader.next(text);
      if (line.kind === "tree" || line.kind === "iteration") end.add(line);
      await write(text);
      bar.draw(snapshot);
    }
  } finally {
    bar.clear();
  }
  await write(writeLine(end.finish()));
  return `sha256:${hash.digest("hex")}`;
}
