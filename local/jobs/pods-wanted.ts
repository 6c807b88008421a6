/**
 * Which pods a live Job lacks and which it has too many of: never more than `parallelism` at a time, never more than
 * are still needed, none before its back-off is over.
 */
import type { Job, Pod } from "../../kube/objects.ts";
import { type BackOffLimits, lastFailures, remainingBackOff, remainingIndexBackOff } from "./back-off.ts";
import type { Count } from "./count.ts";
import { completionsOf } from "./outcome.ts";
import { completionIndex, isActive, isIndexed, isReady, isTerminating, replacesOnlyFailed } from "./pod-facts.ts";

/** A pod to be created. */
export interface PodPlan {
  /** Completion index, for Indexed Jobs. */
  readonly index?: number;
  /** Failures of the index before, for Jobs with `backoffLimitPerIndex`. */
  readonly failures?: number;
  readonly ignored?: number;
}

export interface PodsWanted {
  readonly create: readonly PodPlan[];
  readonly delete: readonly Pod[];
  /** Milliseconds until more may be created. */
  readonly lookAgain?: number;
}

interface Observed {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly count: Count;
  readonly now: number;
  readonly limits: BackOffLimits;
}

export function podsWanted(observed: Observed): PodsWanted {
  const { job, pods } = observed;
  const active = pods.filter(isActive);
  if (job.spec?.suspend === true) return { create: [], delete: active };
  const surplus = surplusPods(observed, active);
  if (surplus.length > 0) return { create: [], delete: surplus };
  const terminating = replacesOnlyFailed(job) ? pods.filter(isTerminating).length : 0;
  const lacking = activeWanted(observed, active.length) - active.length - terminating;
  if (lacking <= 0) return { create: [], delete: [] };
  if (job.spec?.backoffLimitPerIndex !== undefined) return independentIndexes(observed, lacking);
  const wait = remainingBackOff(observed);
  if (wait > 0) return { create: [], delete: [], lookAgain: wait };
  const create = isIndexed(job)
    ? pendingIndexes(observed, lacking).map((index) => ({ index }))
    : Array.from({ length: lacking }, () => ({}));
  return { create, delete: [] };
}

function activeWanted({ job, count }: Observed, active: number): number {
  const parallelism = job.spec?.parallelism ?? 1;
  const completions = completionsOf(job);
  // A work queue: after the first success the others finish what they have, and no new pod starts.
  if (completions === undefined) return count.succeeded > 0 ? Math.min(active, parallelism) : parallelism;
  return Math.max(0, Math.min(parallelism, completions - count.succeeded));
}

/** Pods of an index that another pod has, or that is not asked for; then, beyond the number wanted, the least ready. */
function surplusPods(observed: Observed, active: readonly Pod[]): Pod[] {
  const { job } = observed;
  const surplus = new Set<Pod>();
  const taken = new Set(observed.count.succeededIndexes);
  const ranked = [...active].toSorted(byWorth);
  for (const pod of isIndexed(job) ? ranked : []) {
    const index = completionIndex(job, pod);
    if (index === undefined || taken.has(index)) surplus.add(pod);
    else taken.add(index);
  }
  const kept = ranked.filter((pod) => !surplus.has(pod));
  for (const pod of kept.slice(activeWanted(observed, kept.length))) surplus.add(pod);
  return [...surplus];
}

/** Ready pods first, then running ones, then the oldest. */
function byWorth(a: Pod, b: Pod): number {
  const worth = (pod: Pod): number => (isReady(pod) ? 2 : 0) + (pod.status?.phase === "Running" ? 1 : 0);
  return worth(b) - worth(a) || age(a).localeCompare(age(b));
}

function age(pod: Pod): string {
  return `${pod.metadata?.creationTimestamp} ${pod.metadata?.name}`;
}

/** The lowest indexes that have neither succeeded, nor failed for good, nor a pod. */
function pendingIndexes({ job, pods, count }: Observed, limit = Infinity): number[] {
  const holders = pods.filter((pod) => isActive(pod) || (replacesOnlyFailed(job) && isTerminating(pod)));
  const taken = new Set(holders.map((pod) => completionIndex(job, pod)));
  const pending: number[] = [];
  for (let index = 0; index < (job.spec?.completions ?? 0) && pending.length < limit; index++) {
    if (!taken.has(index) && !count.succeededIndexes.has(index) && !count.failedIndexes.has(index)) pending.push(index);
  }
  return pending;
}

/** With `backoffLimitPerIndex` each index waits for its own back-off, and hands on its own count of failures. */
function independentIndexes(observed: Observed, lacking: number): PodsWanted {
  const last = lastFailures(observed.job, observed.pods);
  const create: PodPlan[] = [];
  let lookAgain = Infinity;
  for (const index of pendingIndexes(observed)) {
    const failure = last.get(index);
    const wait = failure === undefined ? 0 : remainingIndexBackOff(failure, observed);
    if (wait > 0) lookAgain = Math.min(lookAgain, wait);
    else if (create.length < lacking) {
      create.push({ index, failures: failure?.failures ?? 0, ignored: failure?.ignored ?? 0 });
    }
  }
  return { create, delete: [], ...(lookAgain === Infinity ? {} : { lookAgain }) };
}
