/**
 * The trainer's word on its way into the task's status. Each word goes to the store at once, where every reader finds
 * it; the status follows at most every 10 s per task and 20 times a second in all, and always gets the last word,
 * unless the task has ended: then the operator has said what there was to say.
 */
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/client.ts";
import { startController } from "../kube/controller.ts";
import type { Outcome } from "../kube/controller.ts";
import { NotFoundError } from "../kube/errors.ts";
import type { Log } from "../kube/log.ts";
import { trainTasks } from "../traintask/names.ts";
import type { Progress } from "../traintask/contract.ts";
import { leftText } from "../traintask/left.ts";
import { terminalCondition } from "../traintask/state.ts";
import type { ArtifactStore } from "./artifacts/store.ts";
import type { Cache } from "./cache.ts";

const patchEveryMs = 10_000;
const patchesPerSecond = 20;

export interface LiveProgress {
  /** Takes the trainer's word; it is readable when this returns, and in the status soon. */
  post(uid: string, progress: Progress): Promise<void>;
}

export interface LiveProgressOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly cache: Pick<Cache, "taskByUid">;
  readonly artifacts: Pick<ArtifactStore, "putProgress">;
}

interface Word {
  readonly progress: Progress;
  /** Monotonic milliseconds of the last patch of this task. */
  readonly patched: number | undefined;
  readonly written: boolean;
}

export function liveProgress(options: LiveProgressOptions): LiveProgress & { readonly stopped: Promise<void> } {
  const { clock } = options;
  const words = new Map<string, Word>();
  const nextSlot = slots(patchesPerSecond);

  const patch = async (uid: string): Promise<Outcome | void> => {
    const word = words.get(uid);
    if (word === undefined) return;
    const task = options.cache.taskByUid(uid);
    if (task === undefined || terminalCondition(task) !== undefined) {
      words.delete(uid);
      return;
    }
    if (word.written) return;
    const now = clock.monotonic();
    const wait = (word.patched ?? -Infinity) + patchEveryMs - now;
    if (wait > 0) return { lookAgainAfterMs: wait };
    const slot = nextSlot(now);
    if (slot > 0) await clock.sleep(slot, options.signal);
    const { name, namespace, resourceVersion } = task.metadata;
    // With the version that the cache has: a task that ended meanwhile is a conflict, and stays as it is.
    const metadata = { uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
    try {
      await options.client.patchStatus(
        trainTasks,
        { namespace, name },
        { body: { metadata, status: statusPatch(word.progress) } },
      );
    } catch (error) {
      if (error instanceof NotFoundError) words.delete(uid);
      else throw error;
    }
    const latest = words.get(uid);
    if (latest !== undefined) words.set(uid, { ...latest, patched: now, written: latest.progress === word.progress });
    return latest?.progress === word.progress ? undefined : { lookAgainAfterMs: patchEveryMs };
  };

  const controller = startController({
    ...options,
    name: "progress",
    reconcile: patch,
    workers: 4,
    backOff: { baseMs: 500, maxMs: 10_000 },
  });
  return {
    async post(uid, progress) {
      const before = words.get(uid);
      if (before !== undefined && isOlder(progress, before.progress)) return;
      words.set(uid, { progress, patched: before?.patched, written: false });
      await options.artifacts.putProgress(uid, JSON.stringify(progress));
      controller.enqueue(uid);
    },
    stopped: controller.stopped,
  };
}

/** A repeated request may arrive after its successor. */
function isOlder(progress: Progress, than: Progress): boolean {
  return Date.parse(progress.trainerStatus.lastUpdatedTime) < Date.parse(than.trainerStatus.lastUpdatedTime);
}

/** Evenly spaced turns: answers how long to wait for the next one. */
function slots(perSecond: number): (now: number) => number {
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
