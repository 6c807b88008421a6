/**
 * A pod's last words. A trainer leaves JSON (Termination of traintask/progress.ts); what died before it could, or a
 * container that knows nothing of this, leaves the end of its log, because Kubernetes falls back to that.
 */
import { terminationSchema } from "../traintask/progress.ts";
import type { Termination } from "../traintask/progress.ts";
import type { TrainTaskStatus } from "../traintask/status.ts";
import { clip } from "./conditions.ts";
import { instant } from "../kube/timestamp.ts";
import type { ContainerState, PodView } from "./views.ts";

export interface Ended {
  readonly exitCode: number;
  /** The kubelet's word: Completed, Error, OOMKilled. */
  readonly reason: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly words: Termination;
  /** The end of the log, when that is all there is; oldest first. */
  readonly lastLines: readonly string[];
  /** Its pod was told to go, or lost to the cluster: this end is a consequence, and not the cause, of a Job's failure. */
  readonly stopped: boolean;
  /** Of a task with several shards: whose end it is, and how often this shard has failed by then. */
  readonly shard?: { readonly index: number; readonly failures: number };
}

export type LastWords = Pick<TrainTaskStatus, "trainerStatus" | "curve" | "score">;

const lines = { most: 10, longest: 400 };

export function ended(pod: PodView): Ended | undefined {
  const terminated = pod.container?.terminated;
  if (terminated === undefined) return undefined;
  const { shard } = pod;
  const stopped = pod.metadata.deletionTimestamp !== undefined || isDisrupted(pod);
  const end = { ...readEnd(terminated), stopped };
  if (shard === undefined) return end;
  const { index, failures } = shard;
  return { ...end, shard: { index, failures: failures + (end.exitCode === 0 || stopped ? 0 : 1) } };
}

/** Drained, evicted, preempted: not its own fault. */
function isDisrupted({ conditions }: PodView): boolean {
  return conditions.some(({ type, status }) => type === "DisruptionTarget" && status === "True");
}

function readEnd(terminated: NonNullable<ContainerState["terminated"]>): Omit<Ended, "stopped"> {
  const words = parse(terminated.message);
  // A container that never ran has the beginning of all time here.
  const startedAt = instant(terminated.startedAt) || undefined;
  const finishedAt = instant(terminated.finishedAt);
  return {
    exitCode: terminated.exitCode,
    reason: terminated.reason,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    words: words ?? {},
    lastLines: words === undefined ? lastLines(terminated.message) : [],
  };
}

function parse(message: string): Termination | undefined {
  if (!message.startsWith("{")) return undefined;
  try {
    const parsed = terminationSchema.safeParse(JSON.parse(message));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function lastLines(text: string): string[] {
  const kept = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return kept.slice(-lines.most).map((line) => clip(line, lines.longest));
}

/** The container's command could not be run: the runtime says so with exit code 128, and its message is no log. */
export function hasNotStarted({ exitCode, reason }: Ended): boolean {
  return exitCode === 128 && (reason === "StartError" || reason === "ContainerCannotRun");
}

/** Whose end it is, at the beginning of a sentence. */
export function containerOf({ shard }: Pick<Ended, "shard">): string {
  return shard === undefined ? "The container" : `The container of shard ${shard.index}`;
}

/** Why it could not, without the runtime's own call stack before it. */
export function startFailure(end: Ended): string {
  const why = end.lastLines
    .join(" ")
    .replace(/^.*(?:error during container init|unable to start container process): /, "");
  return `${containerOf(end)} could not be started: ${why}`;
}

/** The ends of these pods, the latest last. */
export function endsOf(pods: readonly PodView[]): Ended[] {
  return pods.flatMap((pod) => ended(pod) ?? []).toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0));
}

/** Progress, curve and score of the last words, where they are newer than what the API wrote. */
export function newerWords(status: TrainTaskStatus, ends: readonly Pick<Ended, "words">[]): LastWords {
  let newest: LastWords = {};
  let time = instant(status.trainerStatus?.lastUpdatedTime) ?? Number.NEGATIVE_INFINITY;
  for (const { words } of ends) {
    const said = instant(words.trainerStatus?.lastUpdatedTime);
    if (words.trainerStatus === undefined || said === undefined || said <= time) continue;
    time = said;
    const { trainerStatus, curve, score } = words;
    newest = {
      trainerStatus,
      ...(curve === undefined ? {} : { curve }),
      ...(score === undefined ? {} : { score }),
    };
  }
  return newest;
}
