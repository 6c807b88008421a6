/**
 * Everything that the plan for one task may depend on, as plain data. observe.ts gathers it from the caches; tests
 * write it down.
 */
import { jobFacts } from "../traintask/state.ts";
import { condition } from "./conditions.ts";
import { instant } from "../kube/timestamp.ts";
import type { JobView, PodView, TaskView } from "./views.ts";

/** Why there is no Job of a task's next attempt. */
export interface Refusal {
  /** `quota`: 403, it may be taken later. `invalid`: 400 or 422, and `closed`: not in this namespace; it never will be. */
  readonly kind: "quota" | "invalid" | "closed";
  readonly message: string;
}

/** A place among the first ten of a queue. */
export interface Place {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly estimatedStart?: number;
}

export interface Observed {
  readonly task: TaskView;
  /** `absent`: no queue has that name. `foreign`: another operator serves it. */
  readonly queue: "served" | "absent" | "foreign";
  /** All Jobs that the task owns, any attempt. */
  readonly jobs: readonly JobView[];
  /** All pods that bear the task's uid. */
  readonly pods: readonly PodView[];
  /** When this operator first saw the newest Job in its present phase (jobPhase), in milliseconds since 1970. */
  readonly phaseSince: number;
  /** Why one of its Jobs or pods cannot be read. */
  readonly unreadable?: string;
  readonly refusal?: Refusal;
  /** null: not among the first ten. Absent: not known yet. */
  readonly place?: Place | null;
  /** What the newest Job's Events say about pods that could not be created; read only when refused-pods.ts asks. */
  readonly podsRefused?: string;
  /** What its pod's Events say about volumes that cannot be mounted; read only when unmounted.ts asks. */
  readonly mountFailure?: string;
  readonly settings: PlanSettings;
}

/** The settings that plans depend on. */
export interface PlanSettings {
  /** Most memory, in bytes, that a retry after an out-of-memory kill is given. */
  readonly memoryCapBytes: number;
}

/** The Job of the highest attempt: at any time the only one that may be live. */
export function newestJob(jobs: readonly JobView[]): JobView | undefined {
  return jobs.reduce<JobView | undefined>((newest, job) => {
    return newest === undefined || job.attempt > newest.attempt ? job : newest;
  }, undefined);
}

export function podsOf(job: JobView, pods: readonly PodView[]): PodView[] {
  return pods.filter(({ jobName }) => jobName === job.metadata.name);
}

export function isPodOver(pod: PodView): boolean {
  return pod.phase === "Succeeded" || pod.phase === "Failed";
}

export function isJobTerminal(job: JobView): boolean {
  return jobFacts(job).terminal;
}

export function jobCondition(job: JobView, type: "Complete" | "Failed") {
  return job.status.conditions?.find((one) => one.type === type && one.status === "True");
}

/** The phases between which two seconds of patience begin anew. */
export function jobPhase(job: JobView | undefined): string {
  if (job === undefined) return "none";
  if (isJobTerminal(job)) return `${job.metadata.uid} ended`;
  return `${job.metadata.uid} ${(job.status.ready ?? 0) > 0 ? "ready" : "waiting"}`;
}

/**
 * Nothing of this Job runs any more, or will: it ended, or it is being deleted and its pods are over. (A deleted
 * Job makes no new pods, so pods that are over stay so.)
 */
export function isOver(job: JobView, pods: readonly PodView[]): boolean {
  const mine = podsOf(job, pods);
  if (!mine.every(isPodOver)) return false;
  if (isJobTerminal(job)) return true;
  if (job.metadata.deletionTimestamp === undefined) return false;
  return mine.length > 0 || ((job.status.active ?? 0) === 0 && (job.status.terminating ?? 0) === 0);
}

/** What happened to this attempt is on record (suspended, or to be retried): the next step is a new attempt. */
export function isDealtWith(job: JobView, task: TaskView): boolean {
  return (task.status.attempt ?? 0) >= job.attempt && condition(task.status, "Admitted")?.status === "False";
}

/**
 * A pod of this attempt has been ready. Running turned true only then, so that a change of Running since the Job was
 * created tells; before the very first ready pod there is no startTime.
 */
export function hasRun(job: JobView, task: TaskView): boolean {
  const running = condition(task.status, "Running");
  if (running?.status === "True") return true;
  if (task.status.startTime === undefined) return false;
  return (instant(running?.lastTransitionTime) ?? 0) > (instant(job.metadata.creationTimestamp) ?? 0);
}
