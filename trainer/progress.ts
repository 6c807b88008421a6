/**
 * Tells the API how far the training is, every few seconds and only when there is something new. A post that fails is
 * forgotten: the next one says more, and training never waits for it.
 */
import type { Progress } from "../traintask/contract.ts";
import type { Api } from "./api.ts";
import type { TrainerClock } from "./clock.ts";
import { curveText } from "./curve.ts";
import type { Snapshot } from "./grower.ts";

export interface ProgressReporter {
  /** Called with each tree. `total` trees are asked for. */
  update(snapshot: Snapshot, total: number): void;
  /** What would be told now; undefined before the first update. */
  readonly latest: Progress | undefined;
  /** Tells the last word and ends. */
  close(): Promise<void>;
}

export interface ProgressOptions {
  readonly api: Pick<Api, "postProgress">;
  readonly clock: TrainerClock;
  readonly onTrouble: (error: Error) => void;
}

const intervalMs = 5000;
/** How long the end of a run waits for the last word. */
const closingMs = 10_000;

export function progressReporter({ api, clock, onTrouble }: ProgressOptions): ProgressReporter {
  const closed = new AbortController();
  const begin = clock.monotonic();
  let first: number | undefined;
  let latest: Progress | undefined;
  let told: Progress | undefined;
  let troubled = false;
  let loop: Promise<void> | undefined;

  async function post(signal?: AbortSignal): Promise<void> {
    if (latest === undefined || told === latest) return;
    const progress = latest;
    try {
      await api.postProgress(progress, signal);
      told = progress;
      troubled = false;
    } catch (error) {
      if (!troubled && !closed.signal.aborted) onTrouble(error as Error);
      troubled = true;
    }
  }

  async function tell(): Promise<void> {
    while (!closed.signal.aborted) {
      await post(closed.signal);
      await clock.sleep(intervalMs, closed.signal);
    }
  }

  return {
    update(snapshot, total) {
      first ??= snapshot.trees - 1;
      const grown = snapshot.trees - first;
      const secondsPerTree = (clock.monotonic() - begin) / 1000 / grown;
      latest = progressOf(snapshot, { total, secondsPerTree, now: clock.now() });
      loop ??= tell();
    },
    get latest() {
      return latest;
    },
    async close() {
      closed.abort();
      await loop;
      const late = new AbortController();
      const done = new AbortController();
      const timer = clock.sleep(closingMs, done.signal).then(() => late.abort());
      await post(late.signal);
      done.abort();
      await timer;
    },
  };
}

function progressOf(
  { trees, score, metrics, curve }: Snapshot,
  { total, secondsPerTree, now }: { total: number; secondsPerTree: number; now: number },
): Progress {
  const text = curveText(curve);
  return {
    trainerStatus: {
      progressPercentage: Math.floor((100 * trees) / total),
      estimatedRemainingSeconds: Math.min(1e9, Math.round(secondsPerTree * (total - trees))),
      metrics: [
        { name: "trees", value: String(trees) },
        ...metrics.map(({ name, value }) => ({ name, value: String(Number(value.toPrecision(6))) })),
      ],
      lastUpdatedTime: new Date(now).toISOString(),
    },
    ...(text === "" ? {} : { curve: text }),
    ...(score === undefined ? {} : { score }),
  };
}
