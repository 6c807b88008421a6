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

export interface PodRun {
  readonly api: Api;
  readonly grower: Grower;
  readonly clock: TrainerClock;
  readonly log: Log;
  readonly progress: ProgressReporter;
  readonly share: Share;
  readonly maxModelBytes: number;
  /** Aborts when we are asked to stop. */
  readonly stop: AbortSignal;
}

/** How long the API may be away. Longer than a restart of it: what was grown since would have to be grown again. */
const patienceMs = 15 * 60_000;

export function uploadTo(
  pod: PodRun,
  place: Pick<UploadOptions, "stream" | "shard" | "offset">,
  giveUp: AbortSignal,
): Upload {
  const { api, clock } = pod;
  return new Upload({ api, clock, ...place, patienceMs, giveUp, onTrouble: onTrouble(pod) });
}

/** How long and how loudly a run waits for the API. */
export function patience(pod: PodRun): Retrying {
  return { clock: pod.clock, patienceMs, signal: pod.stop, onTrouble: onTrouble(pod) };
}

function onTrouble({ log }: PodRun): (error: TemporaryError) => void {
  return ({ message }) => log(`${message} Trying again.`);
}

/** Tries again while the API is away; stops at once when asked to. */
export function patiently<T>(pod: PodRun, work: () => Promise<T>): Promise<T> {
  return orStop(pod, retrying(work, patience(pod)));
}

export function orStop<T>({ stop }: PodRun, promise: Promise<T>): Promise<T> {
  return untilAborted(unobserved(promise), stop, () => new StoppedError("Asked to stop."));
}
