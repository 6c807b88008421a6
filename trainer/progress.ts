/**
 * Tells the API how far the training is, every few seconds and only when there is something new. A post that fails is
 * forgotten: the next one says more, and training never waits for it.
 */
import type { Progress } from "../traintask/progress.ts";
import type { Api } from "./api.ts";
import type { TrainerClock } from "./clock.ts";
import { curveText } from "./curve.ts";
import type { Snapshot, Unit } from "./grower.ts";

export interface ProgressReporter {
  /** Called when the growing begins, with the number of lines taken over: they took no time. */
  readonly begin: (lines: number) => void;
  /** Called with each line. */
  readonly update: (snapshot: Snapshot, asked: AskedFor) => void;
  /** Called where fewer lines are enough: those of the last update are all. */
  readonly complete: () => void;
  /** What would be told now; undefined before the first update. */
  readonly latest: () => Progress | undefined;
  /** Tells the last word and ends. */
  readonly close: () => Promise<void>;
}

/** What is to be done: so many trees, or so many iterations, or of a search so many evaluations. */
export interface AskedFor {
  readonly total: number;
  readonly unit: Unit | "evaluations";
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
  let start: { readonly lines: number; readonly time: number } | undefined;
  let last: { readonly snapshot: Snapshot; readonly asked: AskedFor } | undefined;
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

  function update(snapshot: Snapshot, asked: AskedFor): void {
    const now = clock.monotonic();
    const pace = start && { grown: snapshot.trees - start.lines, seconds: (now - start.time) / 1000 };
    const remaining = remainingSeconds(asked.total - snapshot.trees, pace);
    latest = progressOf(snapshot, { ...asked, remaining, now: clock.now() });
    last = { snapshot, asked };
    loop ??= tell();
  }

  return {
    begin: (lines) => void (start = { lines, time: clock.monotonic() }),
    update,
    complete() {
      if (last !== undefined) update(last.snapshot, { ...last.asked, total: last.snapshot.trees });
    },
    latest: () => latest,
    async close() {
      closed.abort();
      await loop;
      await within(closingMs, clock, post);
    },
  };
}

/** Aborts the work's signal after so many milliseconds. */
async function within(ms: number, clock: TrainerClock, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const late = new AbortController();
  const done = new AbortController();
  const timer = clock.sleep(ms, done.signal).then(() => late.abort());
  await work(late.signal);
  done.abort();
  await timer;
}

/** By the pace so far; unknown before the first line, unless none is left. */
function remainingSeconds(left: number, pace: { grown: number; seconds: number } | undefined): number | undefined {
  if (left === 0) return 0;
  if (pace === undefined || pace.grown <= 0) return undefined;
  return Math.min(1e9, Math.round((pace.seconds / pace.grown) * left));
}

function progressOf(
  { trees, score, metrics, curve }: Snapshot,
  { unit, total, remaining, now }: AskedFor & { remaining: number | undefined; now: number },
): Progress {
  const text = curveText(curve);
  return {
    trainerStatus: {
      progressPercentage: Math.floor((100 * trees) / total),
      ...(remaining === undefined ? {} : { estimatedRemainingSeconds: remaining }),
      metrics: [
        { name: unit, value: String(trees) },
        ...metrics.map(({ name, value }) => ({ name, value: String(Number(value.toPrecision(6))) })),
      ],
      lastUpdatedTime: new Date(now).toISOString(),
    },
    ...(text === "" ? {} : { curve: text }),
    ...(score === undefined ? {} : { score }),
  };
}
