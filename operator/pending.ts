/** Why no pod of a live Job is ready, in the words of whoever holds it up: scheduler, kubelet, node or quota. */
import { reasons } from "../traintask/reasons.ts";
import { adviceFor } from "./advice.ts";
import { isPodOver, newestJob } from "./observed.ts";
import type { Observed } from "./observed.ts";
import { isSharded, shardsSentence } from "./shards.ts";
import { ended, hasNotStarted, startFailure } from "./termination.ts";
import { instant } from "../kube/timestamp.ts";
import type { PodView } from "./views.ts";

export interface Because {
  readonly reason: string;
  readonly message: string;
}

const imageReasons = new Set(["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);
const startReasons = new Set(["CreateContainerConfigError", "CreateContainerError", "RunContainerError"]);
/** How long a pod may outlive the end of its grace period before its node counts as silent, in milliseconds. */
const silentAfterMs = 30_000;

export function pendingBecause(observed: Observed, pods: readonly PodView[], now: number): Because {
  return heldUpBy(observed, pods, now) ?? { reason: reasons.podsStarting, message: stillStarting(observed) };
}

/** What holds up one of these pods, or keeps it from being made; undefined when there is nothing but to wait. */
export function heldUpBy(observed: Observed, pods: readonly PodView[], now: number): Because | undefined {
  for (const pod of pods) {
    const because = isPodOver(pod) ? undefined : (unreachable(pod, now) ?? heldByKubelet(pod) ?? unscheduled(pod));
    if (because !== undefined) return because;
  }
  if (observed.mountFailure !== undefined) return misconfigured(observed.mountFailure);
  if (observed.podsRefused !== undefined) return { reason: reasons.podsRefused, message: observed.podsRefused };
  return afterFailure(pods);
}

function stillStarting({ task, jobs }: Observed): string {
  const job = newestJob(jobs);
  if (job === undefined || !isSharded(task)) return "Waiting for the pod to be ready";
  return `${shardsSentence(task, job)}: waiting for a pod to be ready`;
}

/** Somebody may still make what is missing: the container waits, and the task with it. */
function misconfigured(why: string): Because {
  return { reason: reasons.containerConfigError, message: `${why}. ${adviceFor("ContainerConfigError").advice ?? ""}` };
}

function unreachable(pod: PodView, now: number): Because | undefined {
  const gone = instant(pod.metadata.deletionTimestamp);
  const overdue = gone !== undefined && now >= gone + silentAfterMs;
  if (pod.reason !== "NodeLost" && !overdue && !isCutOff(pod)) return undefined;
  const message = `Node ${pod.nodeName ?? "(unknown)"} does not answer; pod ${pod.metadata.name} may still run there`;
  return { reason: reasons.nodeUnreachable, message };
}

/**
 * The kubelet says of a pod that it is ready when its containers are. Where only the first has been taken back, it was by
 * Kubernetes itself, which does so for all pods of a node that has not been heard of for a while.
 */
function isCutOff({ conditions }: PodView): boolean {
  const says = (wanted: string): string | undefined => conditions.find(({ type }) => type === wanted)?.status;
  return says("Ready") === "False" && says("ContainersReady") === "True";
}

function heldByKubelet({ container }: PodView): Because | undefined {
  const { reason, message } = container?.waiting ?? { reason: "", message: "" };
  if (imageReasons.has(reason)) {
    return { reason: reasons.imagePullFailed, message: message === "" ? reason : `${reason}: ${message}` };
  }
  if (startReasons.has(reason)) return misconfigured(`${reason}: ${message}`);
  return undefined;
}

function unscheduled({ conditions }: PodView): Because | undefined {
  const scheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (scheduled === undefined) return undefined;
  return { reason: reasons.podsPending, message: `${scheduled.reason ?? "Unschedulable"}: ${scheduled.message ?? ""}` };
}

/** What the pod before left, while the Job waits to make another one. */
function afterFailure(pods: readonly PodView[]): Because | undefined {
  const last = pods
    .filter(({ phase }) => phase === "Failed")
    .flatMap((pod) => ended(pod) ?? [])
    .at(-1);
  if (last === undefined) return undefined;
  if (hasNotStarted(last)) return misconfigured(startFailure(last));
  const who = last.shard === undefined ? "A pod" : `A pod of shard ${last.shard.index}`;
  const message = `${who} failed with exit code ${last.exitCode}; the Job starts another one`;
  return { reason: reasons.podsStarting, message };
}
