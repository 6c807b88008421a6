/**
 * The trainer's word on its way into the task's status. Each word goes to the store at once, where every reader finds
 * it, whichever replica he asks; the status follows at most every 10 s per task and 20 times a second in all, and always
 * gets the last word, unless the task has ended: then the operator has said what there was to say.
 *
 * With shards a word is one shard's, and the status gets the word of all of them, read back from the store when it is
 * written.
 *
 * A trainer's words may come through several replicas. Each looks at what stands in the status: what another one has
 * patched there counts for the 10 s, and is never replaced by an older word.
 */
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/client.ts";
import { startController } from "../kube/controller.ts";
import type { Controller, Outcome } from "../kube/controller.ts";
import type { Log } from "../kube/log.ts";
import type { Progress } from "../traintask/progress.ts";
import { leftText } from "../traintask/left.ts";
import { terminalCondition } from "../traintask/state.ts";
import type { TrainTask } from "../traintask/task.ts";
import type { ArtifactStore } from "./artifacts/store.ts";
import type { Cache } from "./cache.ts";
import { patchTaskStatus } from "./task-status.ts";
import { latestWord } from "./words.ts";

const patchEveryMs = 10_000;
const patchesPerSecond = 20;

export interface LiveProgress {
  /** Takes the trainer's word; it is readable when this returns, and in the status soon. */
  post(uid: string, progress: Progress, shard?: number): Promise<void>;
}

export interface LiveProgressOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly cache: Pick<Cache, "taskByUid">;
  readonly artifacts: Pick<ArtifactStore, "putProgress" | "progressOf">;
}

interface Word {
  /** The latest of each shard, as far as it came here. */
  readonly said: ReadonlyMap<number, Progress>;
  /** Monotonic milliseconds of the last patch of this task, as far as we know. */
  readonly patched: number | undefined;
  /** Time of the latest word that we know to be in the status, milliseconds since 1970. */
  readonly stood: number;
  readonly written: boolean;
}

export function liveProgress(options: LiveProgressOptions): LiveProgress & { readonly stopped: Promise<void> } {
  return new ProgressLoop(options);
}

class ProgressLoop implements LiveProgress {
  readonly stopped: Promise<void>;
  readonly #options: LiveProgressOptions;
  readonly #controller: Controller;
  readonly #words = new Map<string, Word>();
  readonly #nextTurn = turnsPerSecond(patchesPerSecond);

  constructor(options: LiveProgressOptions) {
    this.#options = options;
    this.#controller = startController({
      ...options,
      name: "progress",
      reconcile: (uid) => this.#follow(uid),
      workers: 4,
      backOff: { baseMs: 500, maxMs: 10_000 },
    });
    this.stopped = this.#controller.stopped;
  }

  async post(uid: string, progress: Progress, shard = 0): Promise<void> {
    const before = this.#words.get(uid);
    const last = before?.said.get(shard);
    // A repeated request may arrive after its successor.
    if (last !== undefined && timeOf(progress) < timeOf(last)) return;
    const said = new Map(before?.said).set(shard, progress);
    this.#words.set(uid, { said, patched: before?.patched, stood: before?.stood ?? -Infinity, written: false });
    try {
      await this.#options.artifacts.putProgress(uid, JSON.stringify(progress), shard);
    } finally {
      // The status is written even while the store is away.
      this.#controller.enqueue(uid);
    }
  }

  /** Brings the status up to the latest word, as soon as it may. */
  async #follow(uid: string): Promise<Outcome | void> {
    const { cache, clock, signal } = this.#options;
    const task = cache.taskByUid(uid);
    if (task === undefined || terminalCondition(task) !== undefined) {
      this.#words.delete(uid);
      return undefined;
    }
    const word = this.#look(task);
    if (word === undefined || word.written) return undefined;
    const wait = (word.patched ?? -Infinity) + patchEveryMs - clock.monotonic();
    if (wait > 0 && !isDone(task, word.said.get(0))) return { lookAgainAfterMs: wait };
    const turn = this.#nextTurn(clock.monotonic());
    if (turn > 0) await clock.sleep(turn, signal);
    if (signal.aborted) return undefined;
    const progress = await this.#wordOf(task, word);
    if (progress === undefined) return undefined;
    await this.#write(task, progress);
    const latest = this.#words.get(uid);
    if (latest === undefined) return undefined;
    const written = latest.said === word.said;
    const stood = Math.max(latest.stood, timeOf(progress));
    this.#words.set(uid, { ...latest, patched: clock.monotonic(), stood, written });
    return written ? undefined : { lookAgainAfterMs: patchEveryMs };
  }

  /** The latest word, with what another replica has made of the status meanwhile. */
  #look({ metadata, spec, status }: TrainTask): Word | undefined {
    const word = this.#words.get(metadata.uid);
    const stands = status.trainerStatus?.lastUpdatedTime;
    if (word === undefined || stands === undefined || Date.parse(stands) <= word.stood) return word;
    const news: Word = {
      ...word,
      stood: Date.parse(stands),
      patched: this.#options.clock.monotonic(),
      // What another shard said later is no answer to this one's word.
      written: word.written || (spec.shards === 1 && [...word.said.values()].every(isOlderThan(stands))),
    };
    this.#words.set(metadata.uid, news);
    return news;
  }

  /** With shards as the store has it, where the words of those stand that went through other replicas. */
  async #wordOf(task: TrainTask, { said }: Word): Promise<Progress | undefined> {
    return task.spec.shards === 1 ? said.get(0) : latestWord(this.#options.artifacts, task);
  }

  async #write({ metadata }: TrainTask, progress: Progress): Promise<void> {
    const status = statusPatch(progress);
    // With the version that the cache has: a task that ended meanwhile is a conflict, and stays as it is.
    const { resourceVersion } = metadata;
    const isThere = await patchTaskStatus(this.#options.client, metadata, { status, resourceVersion });
    if (!isThere) this.#words.delete(metadata.uid);
  }
}

/**
 * A container that says so for the first time is about to end, and unlike a built-in trainer's its pod leaves no last
 * words for the operator: what is not in the status then never is.
 */
function isDone({ spec, status }: TrainTask, progress: Progress | undefined): boolean {
  if (spec.trainer.container === undefined || progress?.trainerStatus.progressPercentage !== 100) return false;
  return status.trainerStatus?.progressPercentage !== 100;
}

function timeOf({ trainerStatus }: Progress): number {
  return Date.parse(trainerStatus.lastUpdatedTime);
}

function isOlderThan(time: string): (progress: Progress) => boolean {
  return (progress) => timeOf(progress) < Date.parse(time);
}

/** Evenly spaced turns: answers how long to wait for the next one. */
function turnsPerSecond(perSecond: number): (now: number) => number {
  let next = -Infinity;
  return (now) => {
    const turn = Math.max(next, now);
    next = turn + 1000 / perSecond;
    return turn - now;
  };
}

/** As a merge patch: what the trainer no longer says is removed. */
export function statusPatch({ trainerStatus, curve, score }: Progress): object {
  const {
    progressPercentage = null,
    estimatedRemainingSeconds = null,
    metrics = null,
    lastUpdatedTime,
  } = trainerStatus;
  return {
    trainerStatus: { progressPercentage, estimatedRemainingSeconds, metrics, lastUpdatedTime },
    left: estimatedRemainingSeconds === null ? null : leftText(estimatedRemainingSeconds),
    ...(curve === undefined ? {} : { curve }),
    ...(score === undefined ? {} : { score }),
  };
}
