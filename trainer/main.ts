/**
 * What runs in a training pod: reads its settings, trains, and ends with a last word and an exit code (contract.ts).
 * The order at the end is: report, progress, log, termination message, exit code; so 0 means that all is durable.
 */
import { writeFileSync } from "node:fs";
import { env } from "../traintask/contract.ts";
import type { Progress } from "../traintask/progress.ts";
import { type Api, apiClient } from "./api.ts";
import { systemClock } from "./clock.ts";
import { outcomeOf } from "./failure.ts";
import { httpSender } from "./http.ts";
import { type TrainingLog, trainingLog } from "./log.ts";
import { progressReporter } from "./progress.ts";
import { trainingRequest } from "./request.ts";
import { run } from "./run.ts";
import { type PodSettings, readSettings } from "./settings.ts";
import { sourceName } from "./source-name.ts";
import { stopSignal } from "./stop.ts";
import { terminationMessage } from "./termination.ts";
import { threadGrower } from "./thread.ts";
import { Upload } from "./upload.ts";

const clock = systemClock;
/** The log is worth waiting for, but not worth a failure. */
const logPatienceMs = 30_000;

function openLog(api: Api, shard: number): TrainingLog {
  const stored = new Upload({ api, clock, stream: "log", shard, offset: 0, patienceMs: logPatienceMs });
  return trainingLog({ clock, print: (line) => console.log(line), upload: stored });
}

async function train(settings: PodSettings, stop: AbortSignal): Promise<{ error?: unknown; progress?: Progress }> {
  const api = apiClient(httpSender(settings.api), settings.api);
  const log = openLog(api, settings.share.shard);
  const progress = progressReporter({ api, clock, onTrouble: ({ message }) => log.write(message) });
  let failed: { error?: unknown } = {};
  try {
    const { namespace, name } = settings.api;
    log.write(`Attempt ${settings.attempt} of ${namespace}/${name}: reading ${sourceName(settings.config.dataset)}.`);
    const request = trainingRequest(settings.config, settings.share);
    const { api: apiAccess, config, datasetFile } = settings;
    const access = { api: apiAccess, ...(datasetFile === undefined ? {} : { datasetFile }) };
    const { maxModelBytes } = config;
    const pod = { api, clock, log: log.write, progress, share: settings.share, maxModelBytes, stop };
    const { asked } = request;
    if (asked.trainer === "search") {
      // A pod that grows trees does without the operators and their linear algebra.
      const { searchInPod } = await import("./search/in-pod.ts");
      const { threads: cores, memoryBytes } = settings;
      await searchInPod(pod, { config, spec: asked.options, access }, { cores, memoryBytes });
    } else {
      await using grower = threadGrower({ request, access }, { threads: settings.threads });
      await run({ ...pod, grower });
    }
  } catch (error) {
    failed = { error };
    log.write(lastWords(error));
  }
  await progress.close();
  await log.close().catch((error: unknown) => console.error(`The log could not be stored: ${String(error)}`));
  const latest = progress.latest();
  return { ...failed, ...(latest === undefined ? {} : { progress: latest }) };
}

function lastWords(error: unknown): string {
  const { failure, exitCode } = outcomeOf(error);
  if (failure === undefined) return "Stopped; what was grown is stored.";
  // An error that nobody foresaw is for a programmer: with its stack.
  if (exitCode === 1 && error instanceof Error) return error.stack ?? error.message;
  return `${failure.class}: ${failure.message}${failure.advice === undefined ? "" : ` ${failure.advice}`}`;
}

async function main(): Promise<number> {
  const stop = stopSignal({
    signals: process,
    ...(process.env[env.parentPipe] === "stdin" ? { parent: process.stdin } : {}),
    exit: (code) => process.exit(code),
  });
  let ended: { error?: unknown; progress?: Progress };
  try {
    ended = await train(await readSettings(process.env), stop);
  } catch (error) {
    console.error(lastWords(error));
    ended = { error };
  }
  const outcome = "error" in ended ? outcomeOf(ended.error) : { exitCode: 0 };
  const file = process.env[env.terminationLog];
  try {
    if (file !== undefined) writeFileSync(file, terminationMessage(ended.progress, outcome));
  } catch (error) {
    console.error(`The termination message could not be written: ${String(error)}`);
  }
  return outcome.exitCode;
}

process.exit(await main());
