/**
 * The Job controller's decision, as one pure function: a Job, its pods and the time give pods to create and delete, the
 * status to write, finalizers to take away, events to tell. It may be asked at any time, any number of times; what was
 * half done before shows in the objects and is carried on.
 */
import type { Job, JobStatus, Pod } from "../../kube/objects.ts";
import { parseTimestamp, timestamp } from "../timestamp.ts";
import type { BackOffLimits } from "./back-off.ts";
import {
  findCondition,
  holds,
  type JobCondition,
  type Outcome,
  terminalCondition,
  withCondition,
} from "./conditions.ts";
import { type Count, countPods } from "./count.ts";
import { decideOutcome, untilDeadline } from "./outcome.ts";
import { isActive, isDeleting, isReady, isTerminating, isTracked } from "./pod-facts.ts";
import { type PodPlan, type PodsWanted, podsWanted } from "./pods-wanted.ts";

export interface JobEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

export interface JobPlan {
  readonly create: readonly PodPlan[];
  readonly delete: readonly Pod[];
  /** The whole status; absent when the Job is over and nothing is written any more. */
  readonly status?: JobStatus;
  /** Pods that lose the tracking finalizer, after the status was written. */
  readonly release: readonly Pod[];
  readonly events: readonly JobEvent[];
  /** The Job's time to live is over: it is to be deleted. */
  readonly expired?: true;
  /** Milliseconds after which time alone may change the plan. */
  readonly lookAgain?: number;
}

interface Observed {
  readonly job: Job;
  /** Pods that this Job controls, in any state. */
  readonly pods: readonly Pod[];
  readonly now: number;
  readonly limits: BackOffLimits;
}

const nothing: PodsWanted = { create: [], delete: [] };

export function syncJob(observed: Observed): JobPlan {
  const { job, now } = observed;
  const terminal = terminalCondition(job);
  if (terminal !== undefined) return afterEnd(observed, terminal);
  if (isDeleting(job)) {
    const count = countPods(job, observed.pods, { decided: true });
    return { ...nothing, status: statusOf(observed, { count, wanted: nothing }), release: count.release, events: [] };
  }
  const started = withStartTime(job, now);
  const start = { ...observed, job: started };
  const first = countPods(started, observed.pods, { decided: false });
  const outcome = decideOutcome({ ...start, count: first });
  return outcome === undefined ? carryOn(start, first) : end(start, outcome);
}

/** The outcome is open: keep the right number of pods. */
function carryOn(observed: Observed, count: Count): JobPlan {
  const { job, now } = observed;
  const wanted = podsWanted({ ...observed, count });
  const suspend = job.spec?.suspend === true;
  const isNews = suspend !== holds(job, "Suspended");
  const change = suspensions[suspend ? "suspended" : "resumed"];
  const before = job.status?.conditions ?? [];
  const waits = [wanted.lookAgain, untilDeadline(job, now)].filter((wait) => wait !== undefined);
  return {
    create: wanted.create,
    delete: wanted.delete,
    status: statusOf(observed, {
      count,
      wanted,
      conditions: isNews ? withCondition(before, change.condition, now) : before,
    }),
    release: count.release,
    events: isNews ? [change.event] : [],
    ...(waits.length === 0 ? {} : { lookAgain: Math.min(...waits) }),
  };
}

const suspensions = {
  suspended: {
    condition: { type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended" },
    event: { type: "Normal", reason: "Suspended", message: "Job suspended" },
  },
  resumed: {
    condition: { type: "Suspended", status: "False", reason: "JobResumed", message: "Job resumed" },
    event: { type: "Normal", reason: "Resumed", message: "Job resumed" },
  },
} as const;

/** The outcome is decided: end what still runs, and confirm the outcome once every pod has ended and is counted. */
function end(observed: Observed, outcome: Outcome): JobPlan {
  const { job, pods, now } = observed;
  const count = countPods(job, pods, { decided: true });
  const wanted = { create: [], delete: pods.filter(isActive) };
  let conditions = withCondition(job.status?.conditions ?? [], { ...outcome, status: "True" }, now);
  const isOver = count.settled && wanted.delete.length === 0 && !pods.some(isTerminating);
  const succeeded = outcome.type === "SuccessCriteriaMet";
  const events: JobEvent[] = [];
  if (isOver) {
    conditions = withCondition(
      conditions,
      { ...outcome, type: succeeded ? "Complete" : "Failed", status: "True" },
      now,
    );
    events.push(
      succeeded
        ? { type: "Normal", reason: "Completed", message: "Job completed" }
        : { type: "Warning", reason: outcome.reason, message: outcome.message },
    );
  }
  const status = statusOf(observed, { count, wanted, conditions });
  if (isOver && succeeded) status.completionTime = timestamp(now);
  return { ...wanted, status, release: count.release, events };
}

/** After the end only the finalizers of latecomers and the time to live are left. */
function afterEnd({ job, pods, now }: Observed, terminal: JobCondition): JobPlan {
  const plan = { ...nothing, release: pods.filter(isTracked), events: [] };
  const ttl = job.spec?.ttlSecondsAfterFinished;
  if (ttl === undefined || isDeleting(job)) return plan;
  const left = (parseTimestamp(terminal.lastTransitionTime) ?? now) + ttl * 1000 - now;
  return left > 0 ? { ...plan, lookAgain: left } : { ...plan, expired: true };
}

/** A Job starts when it is first seen unsuspended, and anew each time it is resumed. */
function withStartTime(job: Job, now: number): Job {
  if (job.spec?.suspend === true) return job;
  const resumed = findCondition(job, "Suspended")?.status === "True";
  if (job.status?.startTime !== undefined && !resumed) return job;
  return { ...job, status: { ...job.status, startTime: timestamp(now) } };
}

interface StatusParts {
  readonly count: Count;
  readonly wanted: PodsWanted;
  readonly conditions?: readonly JobCondition[];
}

/** The status as it is once the plan is carried out. Counts of zero are left out, as Kubernetes does. */
function statusOf({ job, pods }: Observed, { count, wanted, conditions }: StatusParts): JobStatus {
  const staying = pods.filter((pod) => isActive(pod) && !wanted.delete.includes(pod));
  const list = conditions ?? job.status?.conditions ?? [];
  const {
    active: _active,
    succeeded: _succeeded,
    failed: _failed,
    conditions: _conditions,
    ...rest
  } = job.status ?? {};
  const { succeeded = 0, failed = 0, ...counted } = count.status;
  const active = staying.length + wanted.create.length;
  return {
    ...rest,
    ...counted,
    ...(active > 0 ? { active } : {}),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
    ready: staying.filter(isReady).length,
    terminating: pods.filter(isTerminating).length + wanted.delete.length,
    ...(list.length > 0 ? { conditions: [...list] } : {}),
  };
}
