/** Attempts of a run against the scripted API, for tests: the whole trainer but for the process and the network. */
import { mergeParts } from "../model/merge.ts";
import { type PodConfig, podConfigSchema } from "../traintask/pod-config.ts";
import type { Grower } from "./grower.ts";
import { progressReporter } from "./progress.ts";
import { type Share, trainingRequest, wholeModel } from "./request.ts";
import { type PodRun, run } from "./run.ts";
import type { ScriptedApi } from "./scripted-api.ts";
import { hastyClock } from "./scripted-clock.ts";
import { training } from "./training.ts";

/** Thrown by a script: the process died there. */
export class Killed extends Error {}

export function podConfig(
  overrides: { nEstimators?: number; trainer?: object; seed?: number; dataset?: object; maxModelBytes?: number } = {},
) {
  const { nEstimators = 8, seed = 1, dataset = {}, maxModelBytes = 1 << 30 } = overrides;
  const { trainer = { randomForest: { nEstimators } } } = overrides;
  return podConfigSchema.parse({
    trainer,
    seed,
    maxModelBytes,
    dataset: { synthetic: { seed }, testFraction: "0.2", ...dataset },
  });
}

/** A grower that lets other things happen between trees, as a thread does. */
export function grower(config = podConfig(), { api, share }: { api?: ScriptedApi; share?: Share } = {}): Grower {
  const made = training(trainingRequest(config, share), { openDataset: (digest) => api?.openDataset(digest) ?? [] });
  return {
    ...made,
    async grow(index) {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      return made.grow(index);
    },
  };
}

export interface Attempt extends Partial<PodRun> {
  readonly config?: PodConfig;
}

/** One attempt, as main.ts would make it, on this thread. */
export async function attempt(
  api: ScriptedApi,
  { config = podConfig(), share = wholeModel, ...overrides }: Attempt = {},
): Promise<string[]> {
  const clock = hastyClock();
  const lines: string[] = [];
  const progress = progressReporter({ api, clock, onTrouble: ({ message }) => lines.push(message) });
  const whole = run({
    api,
    clock,
    grower: grower(config, { api, share }),
    log: (line) => lines.push(line),
    progress,
    share,
    maxModelBytes: config.maxModelBytes,
    stop: new AbortController().signal,
    ...overrides,
  });
  try {
    await whole;
  } finally {
    await progress.close();
  }
  return lines;
}

/** The lines of a part of the model that are stored. */
export const linesOf = (api: ScriptedApi, shard = 0): string[] => api.text("model", shard).split("\n").slice(0, -1);
/** Indices of the trees that are stored, in order. */
export const treesOf = (api: ScriptedApi, shard = 0): number[] =>
  linesOf(api, shard).flatMap((line) => {
    const { kind, tree } = JSON.parse(line) as { kind: string; tree: number };
    return kind === "tree" ? [tree] : [];
  });

/** The lines of the model that the API would seal. */
export async function merged(api: ScriptedApi): Promise<string[]> {
  const lines: string[] = [];
  const parts = Array.from({ length: api.shards }, (_, shard) => () => linesOf(api, shard));
  for await (const line of mergeParts(parts)) lines.push(line);
  return lines;
}
