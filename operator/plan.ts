/**
 * What to do about one task: a pure function of what was observed and the time. It may be asked at any moment, any
 * number of times, by an operator that has just started as well as by one that has watched all along, and it answers
 * the whole of what should be: which objects go, what the status says, when to ask again.
 *
 *   the task has ended       keeping.ts
 *   of its Job who knows?    unreadable.ts
 *   its Job must stop        stopping.ts      or goes its way    running.ts
 *   its Job is over          over.ts          and it waits       waiting.ts
 *
 * Plans delete Jobs and never create them: to create a Job is to take a slot, which admission.ts decides.
 */
import { isTerminal } from "./conditions.ts";
import { expire, sweep } from "./keeping.ts";
import { isJobTerminal, isOver, isPodOver, newestJob } from "./observed.ts";
import type { Observed } from "./observed.ts";
import { afterJob } from "./over.ts";
import { follow, patienceMs } from "./running.ts";
import { deletionOf, firstThatSpeaks, lookAgain } from "./step.ts";
import type { Deletion, Policy, Step } from "./step.ts";
import { stop } from "./stopping.ts";
import { instant } from "../kube/timestamp.ts";
import { standStill } from "./unreadable.ts";
import type { PodView } from "./views.ts";

export type Plan = Step & { readonly deletions: readonly Deletion[] };

export function plan(observed: Observed, now: number): Plan {
  const step = firstThatSpeaks(policies, observed, now) ?? {};
  const cleared = step === leaveAlone || observed.unreadable !== undefined ? {} : clearAway(observed, now);
  return {
    ...step,
    deletions: [...(step.deletions ?? []), ...(cleared.deletions ?? [])],
    ...lookAgain(step.lookAgainAt, cleared.lookAgainAt),
  };
}

const leaveAlone: Step = {};

/** Ownership takes care of what a deleted task leaves behind; another operator's tasks are its own. */
const notOurs: Policy = ({ task, queue }) => {
  return task.metadata.deletionTimestamp !== undefined || queue === "foreign" ? leaveAlone : undefined;
};

const afterTheEnd: Policy = (observed, now) => {
  return isTerminal(observed.task.status) ? (expire(observed, now) ?? {}) : undefined;
};

const liveJob: Policy = (observed, now) => {
  const job = newestJob(observed.jobs);
  if (job === undefined || isJobTerminal(job) || isOver(job, observed.pods)) return undefined;
  return stop(observed, job, now) ?? follow(observed, job, now);
};

/** How the pods ended may be heard a moment later than how their Job did, or that it is gone. */
const podsStillThere: Policy = (observed, now) => {
  const job = newestJob(observed.jobs);
  if (observed.pods.every(isPodOver)) return undefined;
  if (job === undefined) return {};
  const settled = observed.phaseSince + patienceMs;
  return now < settled && !isOver(job, observed.pods) ? lookAgain(settled) : undefined;
};

const policies: readonly Policy[] = [notOurs, afterTheEnd, standStill, liveJob, podsStillThere, afterJob];

/** How long a pod whose Job nobody has told of may wait for the Job to be heard of, in milliseconds. */
const unheardMs = 60_000;

/**
 * Pods whose Job is gone: nothing they do counts any more. Of an attempt that is on record the Job was seen, so it is
 * gone; of another one the news of the Job may be slower than that of its pod.
 */
function removeOrphans({ task, jobs, pods }: Observed, now: number): Step {
  const names = new Set(jobs.map(({ metadata }) => metadata.name));
  const alive = pods
    .filter((pod) => !isPodOver(pod) && pod.metadata.deletionTimestamp === undefined)
    .filter(({ jobName }) => !names.has(jobName));
  const orphanedAt = (pod: PodView): number => {
    if (pod.attempt <= (task.status.attempt ?? 0)) return now;
    return (instant(pod.metadata.creationTimestamp) ?? 0) + unheardMs;
  };
  const due = alive.filter((pod) => orphanedAt(pod) <= now);
  const later = alive.filter((pod) => !due.includes(pod)).map(orphanedAt);
  return { deletions: due.map(({ metadata }) => deletionOf("Pod", metadata)), ...lookAgain(...later) };
}

/** What has no business any more: live Jobs beside a newer one or of a finished task, old finished ones, orphans. */
function clearAway(observed: Observed, now: number): Step {
  const current = isTerminal(observed.task.status) ? undefined : newestJob(observed.jobs);
  const rest = observed.jobs.filter((job) => job !== current);
  const strays = rest.filter((job) => !isJobTerminal(job) && job.metadata.deletionTimestamp === undefined);
  const swept = sweep(observed, rest.filter(isJobTerminal), now);
  const orphans = removeOrphans(observed, now);
  return {
    deletions: [
      ...strays.map(({ metadata }) => deletionOf("Job", metadata)),
      ...(swept.deletions ?? []),
      ...(orphans.deletions ?? []),
    ],
    ...lookAgain(swept.lookAgainAt, orphans.lookAgainAt),
  };
}
