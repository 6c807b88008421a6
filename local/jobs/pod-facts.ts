/**
 * What the Job controller wants to know of a pod. A pod that is being deleted counts as failed at once, unless the
 * Job waits for pods to be really terminal (`podReplacementPolicy: Failed`, implied by a `podFailurePolicy`).
 */
import type { Job, KubeObject, Pod } from "../../kube/objects.ts";
import { parseTimestamp } from "../timestamp.ts";

/** On each pod until its end has been counted in the Job's status: no end is lost, and none is counted twice. */
export const trackingFinalizer = "batch.kubernetes.io/job-tracking";

export const indexKey = "batch.kubernetes.io/job-completion-index";
export const failureCountKey = "batch.kubernetes.io/job-index-failure-count";
export const ignoredFailureCountKey = "batch.kubernetes.io/job-index-ignored-failure-count";

export function isTracked(object: KubeObject): boolean {
  return object.metadata?.finalizers?.includes(trackingFinalizer) === true;
}

export function isDeleting(object: Pod | Job): boolean {
  return object.metadata?.deletionTimestamp !== undefined;
}

function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !isDeleting(pod);
}

export function isTerminating(pod: Pod): boolean {
  return !isTerminal(pod) && isDeleting(pod);
}

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
}

export function isSucceeded(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded";
}

/** Whether a replacement must wait until the pod that it replaces is terminal. */
export function replacesOnlyFailed(job: Job): boolean {
  return job.spec?.podReplacementPolicy === "Failed" || job.spec?.podFailurePolicy !== undefined;
}

export function isFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === "Failed") return true;
  return !replacesOnlyFailed(job) && isTerminating(pod);
}

export function isIndexed(job: Job): boolean {
  return job.spec?.completionMode === "Indexed";
}

/** The pod's completion index; undefined when it has none, or one that the Job no longer asks for. */
export function completionIndex(job: Job, pod: Pod): number | undefined {
  const index = countOf(pod, indexKey);
  return index !== undefined && index < (job.spec?.completions ?? 0) ? index : undefined;
}

/** A non-negative integer kept in an annotation. */
export function countOf(pod: Pod, key: string): number | undefined {
  const text = pod.metadata?.annotations?.[key];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * When the pod ended, in milliseconds since 1970: its last container's end. A pod without one never ran: then the
 * latest moment that it tells of, so that the answer is the same whenever it is asked for.
 */
export function finishedAt({ metadata, status }: Pod): number {
  const ends = times((status?.containerStatuses ?? []).map(({ state }) => state?.terminated?.finishedAt));
  if (ends.length > 0) return Math.max(...ends);
  const moments = times([
    metadata?.creationTimestamp,
    metadata?.deletionTimestamp,
    ...(status?.conditions ?? []).map(({ lastTransitionTime }) => lastTransitionTime),
  ]);
  return Math.max(0, ...moments);
}

function times(texts: (string | undefined)[]): number[] {
  return texts.map(parseTimestamp).filter((time) => time !== undefined);
}
