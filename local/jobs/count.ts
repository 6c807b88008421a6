/**
 * Exact counts of ended pods. An ended pod keeps the tracking finalizer until its end stands in the Job's status;
 * three steps, each safe to repeat and to be cut off after:
 *
 *   its uid joins `uncountedTerminatedPods` -> its finalizer goes -> its uid becomes one more in `succeeded` or `failed`
 *
 * Succeeded pods of an Indexed Job need no uids: their index in `completedIndexes` cannot be counted twice.
 */
import type { Job, JobStatus, Pod } from "../../kube/objects.ts";
import { failuresUpTo, lastFailures } from "./back-off.ts";
import { classifyFailure } from "./failure-policy.ts";
import { formatIndexes, parseIndexes } from "./index-set.ts";
import { completionIndex, isActive, isDeleting, isFailed, isIndexed, isSucceeded, isTracked } from "./pod-facts.ts";

export interface Count {
  /** All successes and counted failures, whether or not their pods still bear the finalizer. */
  readonly succeeded: number;
  readonly failed: number;
  readonly succeededIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
  /** The part of the status that follows from this. */
  readonly status: JobStatus;
  /** Pods whose finalizer goes once that status is written. */
  readonly release: readonly Pod[];
  /** Whether each ended pod is counted for good: only then may the Job's last condition be written. */
  readonly settled: boolean;
}

/**
 * @param final whether the Job's outcome is decided: a failed pod is then counted even though no replacement
 *   carries on its failure count
 */
export function countPods(job: Job, pods: readonly Pod[], final: { readonly decided: boolean }): Count {
  const bound = job.spec?.completions ?? 0;
  const indexed = isIndexed(job);
  const tracked = pods.filter(isTracked);
  const open = uncounted(job, new Set(tracked.map((pod) => pod.metadata?.uid ?? "")));
  const succeededIndexes = parseIndexes(job.status?.completedIndexes, indexed ? bound : 0);
  const failedIndexes = failedIndexesOf(job, pods);
  const kept = final.decided ? new Set<Pod>() : failureCarriers(job, pods, failedIndexes);
  const delayed = tracked.filter((pod) => kept.has(pod) && !open.failed.has(pod.metadata?.uid ?? ""));
  const release: Pod[] = [];
  for (const pod of tracked) {
    const uid = pod.metadata?.uid ?? "";
    if (isSucceeded(pod)) {
      const index = completionIndex(job, pod);
      if (!indexed) open.succeeded.add(uid);
      else if (index !== undefined) succeededIndexes.add(index);
    } else if (isFailed(job, pod)) {
      if (delayed.includes(pod)) continue;
      if (counts(job, pod)) open.failed.add(uid);
    } else if (!isDeleting(job)) {
      continue;
    }
    release.push(pod);
  }
  const succeeded = indexed ? succeededIndexes.size : open.succeededBefore;
  return {
    succeeded: succeeded + open.succeeded.size,
    failed: open.failedBefore + open.failed.size + delayed.filter((pod) => counts(job, pod)).length,
    succeededIndexes,
    failedIndexes,
    status: {
      succeeded,
      failed: open.failedBefore,
      uncountedTerminatedPods: {
        ...(open.succeeded.size > 0 ? { succeeded: [...open.succeeded] } : {}),
        ...(open.failed.size > 0 ? { failed: [...open.failed] } : {}),
      },
      ...(indexed ? { completedIndexes: formatIndexes(succeededIndexes) } : {}),
      ...(job.spec?.backoffLimitPerIndex === undefined ? {} : { failedIndexes: formatIndexes(failedIndexes) }),
    },
    release,
    settled: release.length === 0 && delayed.length === 0 && open.succeeded.size + open.failed.size === 0,
  };
}

/** Uids that wait to be counted, and the counts after those whose finalizer is gone were added. */
function uncounted(job: Job, tracked: ReadonlySet<string>) {
  const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {};
  const waiting = (uids: string[]): Set<string> => new Set(uids.filter((uid) => tracked.has(uid)));
  const open = { succeeded: waiting(succeeded), failed: waiting(failed) };
  return {
    ...open,
    succeededBefore: (job.status?.succeeded ?? 0) + succeeded.length - open.succeeded.size,
    failedBefore: (job.status?.failed ?? 0) + failed.length - open.failed.size,
  };
}

function counts(job: Job, pod: Pod): boolean {
  if (isIndexed(job) && completionIndex(job, pod) === undefined) return false;
  return classifyFailure(job, pod).action !== "Ignore";
}

/** Indexes whose failure is final: more failures than `backoffLimitPerIndex`, or a FailIndex rule. */
function failedIndexesOf(job: Job, pods: readonly Pod[]): Set<number> {
  const limit = job.spec?.backoffLimitPerIndex;
  if (limit === undefined) return new Set();
  const failed = parseIndexes(job.status?.failedIndexes, job.spec?.completions ?? 0);
  for (const pod of pods) {
    const index = completionIndex(job, pod);
    if (index === undefined || !isTracked(pod) || !isFailed(job, pod) || isSucceeded(pod)) continue;
    const isFinal = classifyFailure(job, pod).action === "FailIndex" || failuresUpTo(job, pod).failures > limit;
    if (isFinal) failed.add(index);
  }
  return failed;
}

/**
 * The failed pods that carry their index's failure count while no replacement does: they are counted and released
 * only afterwards, so that deleting them does not reset the count.
 */
function failureCarriers(job: Job, pods: readonly Pod[], failedIndexes: ReadonlySet<number>): Set<Pod> {
  if (job.spec?.backoffLimitPerIndex === undefined) return new Set();
  const replaced = new Set(
    pods.filter((pod) => isActive(pod) || isSucceeded(pod)).map((pod) => completionIndex(job, pod)),
  );
  const carriers = [...lastFailures(job, pods)].filter(([index]) => !replaced.has(index) && !failedIndexes.has(index));
  return new Set(carriers.map(([, { pod }]) => pod));
}
