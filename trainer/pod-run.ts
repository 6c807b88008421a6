/** What all steps of a run share: who does what in it, and how it waits. */
import type { Api } from "./api.ts";
import type { UploadOptions } from "./chunk-sender.ts";
import type { TrainerClock } from "./clock.ts";
import { StoppedError, type TemporaryError } from "./errors.ts";
import type { Grower } from "./grower.ts";
import type { Log } from "./log.ts";
import type { ProgressReporter } from "./progress.ts";
import type { Share } from "./request.ts";
import { type Retrying, retrying } from "./retry.ts";
import { untilAborted } from "./stop.ts";
import { unobserved } from "./unobserved.ts";
import { Upload } from "./upload.ts";

/** What a run of any kind has. */
export interface Pod {
  readonly api: Api;
  readonly clock: TrainerClock;
  readonly log: Log;
  readonly progress: ProgressReporter;
  readonly share: Share;
  readonly maxModelBytes: number;
  /** Aborts when we are asked to stop. */
  readonly stop: AbortSignal;
}

/** A run that grows a model line by line. */
export interface PodRun extends Pod {
  readonly grower: Grower;
}

/** How long saving may take once we are asked to stop: within the grace period of most pods. */
const savingMs = 45_000;

/** @param work takes a signal that aborts when saving has taken too long */
export async function savingWhenStopped(pod: Pod, work: (giveUp: AbortSignal) => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const giveUp = new AbortController();
  const saving = (): void => {
    pod.log("Asked to stop: saving what is grown.");
    void pod.clock.sleep(savingMs, ended.signal).then(() => giveUp.abort());
  };
  pod.stop.addEventListener("abort", saving);
  try {
    await work(giveUp.signal);
  } finally {
    pod.stop.removeEventListener("abort", saving);
    ended.abort();
  }
}

/** How long the API may be away. Longer than a restart of it: what was grown since would have to be grown again. */
const patienceMs = 15 * 60_000;

export function uploadTo(
  pod: Pod,
  place: Pick<UploadOptions, "stream" | "shard" | "offset">,
  giveUp: AbortSignal,
): Upload {
  const { api, clock } = pod;
  return new Upload({ api, clock, ...place, patienceMs, giveUp, onTrouble: onTrouble(pod) });
}

/** How long and how loudly a run waits for the API. */
export function patience(pod: Pod): Retrying {
  return { clock: pod.clock, patienceMs, signal: pod.stop, onTrouble: onTrouble(pod) };
}

function onTrouble({ log }: Pod): (error: TemporaryError) => void {
  return ({ message }) => log(`${message} Trying again.`);
}

/** Tries again while the API is away; stops at once when asked to. */
export function patiently<T>(pod: Pod, work: () => Promise<T>): Promise<T> {
  return orStop(pod, retrying(work, patience(pod)));
}

export function orStop<T>({ stop }: Pod, promise: Promise<T>): Promise<T> {
  return untilAborted(unobserved(promise), stop, () => new StoppedError("Asked to stop."));
}

/** Whether an earlier attempt has stored all that there is to store. */
export async function isReported(pod: Pod): Promise<boolean> {
  const { done, discard } = await patiently(pod, () => pod.api.openStream({ stream: "report", shard: 0, offset: 0 }));
  discard();
  return done;
}
