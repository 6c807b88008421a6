/** Attempts of a search against the scripted API, for tests: all of a pod but processes and network. */
import type { PodConfig } from "../../traintask/pod-config.ts";
import type { TrainerClock } from "../clock.ts";
import { progressReporter } from "../progress.ts";
import { wholeModel } from "../request.ts";
import type { ScriptedApi } from "../scripted-api.ts";
import { hastyClock } from "../scripted-clock.ts";
import { podConfig } from "../scripted-run.ts";
import { runSearch, type SearchPod } from "./run.ts";
import type { SearchReport } from "./search-report.ts";
import { type ScriptedSearch, scriptedSearcher } from "./scripted-searcher.ts";
import type { TrialRecord } from "./trials.ts";

export function searchConfig(search: object = {}, overrides: Parameters<typeof podConfig>[0] = {}): PodConfig {
  const dataset = { synthetic: { kind: "friedman1", rows: 40, columns: 5 }, ...overrides.dataset };
  return podConfig({ trainer: { search: { generations: 3, populationSize: 5, ...search } }, ...overrides, dataset });
}

export interface Attempt extends Partial<SearchPod> {
  readonly config?: PodConfig;
  readonly search?: ScriptedSearch;
}

/** One attempt, as main.ts would make it. @returns its log */
export async function attempt(
  api: ScriptedApi,
  { config = searchConfig(), search = recording(), ...overrides }: Attempt = {},
): Promise<string[]> {
  const clock = overrides.clock ?? steadyClock();
  const lines: string[] = [];
  const progress = progressReporter({ api, clock, onTrouble: ({ message }) => lines.push(message) });
  try {
    await runSearch({
      api,
      clock,
      searcher: scriptedSearcher(config, search),
      log: (line) => lines.push(line),
      progress,
      share: wholeModel,
      maxModelBytes: config.maxModelBytes,
      stop: new AbortController().signal,
      ...overrides,
    });
  } finally {
    await progress.close();
  }
  return lines;
}

export function trialsOf(api: ScriptedApi): TrialRecord[] {
  const lines = api.text("trials").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as TrialRecord);
}

/** What is the same however often a search was interrupted: its model from the last header on, and the report. */
export function outcome(api: ScriptedApi): { model: string; report: string } {
  const model = api.text("model");
  return { model: model.slice(model.lastIndexOf('{"kind":"header"')), report: api.text("report") };
}

/** As hastyClock, but what takes 10 seconds and more is not over before others have had 100 turns. */
function steadyClock(): TrainerClock {
  const clock = hastyClock();
  return {
    ...clock,
    async sleep(ms, signal) {
      for (let turn = 0; turn < ms / 100 && ms >= 10_000 && signal?.aborted !== true; turn++)
        await new Promise((resolve) => setImmediate(resolve));
      await clock.sleep(ms, signal);
    },
  };
}

export const recording = (): ScriptedSearch & { evaluated: string[]; refitted: string[] } => ({
  evaluated: [],
  refitted: [],
});

export const reportOf = (api: ScriptedApi): SearchReport => JSON.parse(api.text("report")) as SearchReport;

export interface ParsedLine {
  readonly kind: string;
  readonly step?: number;
  readonly operator?: string;
  readonly fitted?: object;
}
/** Lines of the model's stream. */
export const modelLinesOf = (api: ScriptedApi): ParsedLine[] =>
  api
    .text("model")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ParsedLine);
