/**
 * A pod's last words. A trainer leaves JSON (Termination of traintask/contract.ts); what died before it could, or a
 * container that knows nothing of this, leaves the end of its log, because Kubernetes falls back to that.
 */
import { terminationSchema } from "../traintask/contract.ts";
import type { Termination } from "../traintask/contract.ts";
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
}

const lines = { most: 10, longest: 400 };

export function ended(pod: PodView): Ended | undefined {
  const terminated = pod.container?.terminated;
  return terminated === undefined ? undefined : readEnd(terminated);
}

function readEnd(terminated: NonNullable<ContainerState["terminated"]>): Ended {
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

/** Why it could not, without the runtime's own call stack before it. */
export function startFailure({ lastLines }: Ended): string {
  const why = lastLines.join(" ").replace(/^.*(?:error during container init|unable to start container process): /, "");
  return `The container could not be started: ${why}`;
}

/** The ends of these pods, the latest last. */
export function endsOf(pods: readonly PodView[]): Ended[] {
  return pods.flatMap((pod) => ended(pod) ?? []).toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0));
}

/** Progress, curve and score of the last words, where they are newer than what the API wrote. */
export function newerWords(status: TrainTaskStatus, ends: readonly Ended[]): Partial<TrainTaskStatus> {
  let newest: Partial<TrainTaskStatus> = {};
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
