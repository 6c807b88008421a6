/**
 * How long a Job waits before it replaces a failed pod: 10 seconds after the first failure in a row, then twice as
 * long each time, at most 10 minutes. It is read off the pods that are there, so that a restart forgets nothing.
 */
import type { Job, Pod } from "../../kube/objects.ts";
import { classifyFailure } from "./failure-policy.ts";
import {
  completionIndex,
  countOf,
  failureCountKey,
  finishedAt,
  ignoredFailureCountKey,
  isFailed,
  isSucceeded,
} from "./pod-facts.ts";

export interface BackOffLimits {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Kubernetes' own numbers. */
export const kubernetesBackOff: BackOffLimits = { firstMs: 10_000, longestMs: 600_000 };

interface Observed {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly now: number;
  readonly limits: BackOffLimits;
}

/** @returns milliseconds until the Job may create pods: 0 or less is now */
export function remainingBackOff({ job, pods, now, limits }: Observed): number {
  const lastSuccess = Math.max(-Infinity, ...pods.filter(isSucceeded).map(finishedAt));
  const failures = pods
    .filter((pod) => isFailed(job, pod) && classifyFailure(job, pod).action !== "Ignore")
    .map(finishedAt)
    .filter((end) => end >= lastSuccess);
  return failures.length === 0 ? 0 : Math.max(...failures) + delay(failures.length, limits) - now;
}

/** The last failed pod of an index: its failures, itself included, are what the next pod's annotations say. */
export interface IndexFailure {
  readonly pod: Pod;
  readonly failures: number;
  readonly ignored: number;
}

/** The last failed pod of each index that has one, for Jobs with `backoffLimitPerIndex`. */
export function lastFailures(job: Job, pods: readonly Pod[]): Map<number, IndexFailure> {
  const last = new Map<number, IndexFailure>();
  for (const pod of pods) {
    const index = completionIndex(job, pod);
    if (index === undefined || !isFailed(job, pod)) continue;
    const failure = { pod, ...failuresUpTo(job, pod) };
    const known = last.get(index);
    if (known === undefined || known.failures + known.ignored < failure.failures + failure.ignored) {
      last.set(index, failure);
    }
  }
  return last;
}

/**
 * Kubernetes lets an index wait for ignored failures as well. Here such a pod went down with this program, which is
 * up again: nothing is spared by waiting.
 * @returns milliseconds until the next pod of this index: 0 or less is now
 */
export function remainingIndexBackOff(
  { pod, failures }: IndexFailure,
  { now, limits }: Pick<Observed, "now" | "limits">,
): number {
  return failures === 0 ? 0 : finishedAt(pod) + delay(failures, limits) - now;
}

/** Failures of a failed pod's index, its own included. */
export function failuresUpTo(job: Job, pod: Pod): { failures: number; ignored: number } {
  const failures = countOf(pod, failureCountKey) ?? 0;
  const ignored = countOf(pod, ignoredFailureCountKey) ?? 0;
  return classifyFailure(job, pod).action === "Ignore"
    ? { failures, ignored: ignored + 1 }
    : { failures: failures + 1, ignored };
}

function delay(failures: number, { firstMs, longestMs }: BackOffLimits): number {
  return Math.min(longestMs, firstMs * 2 ** (failures - 1));
}
