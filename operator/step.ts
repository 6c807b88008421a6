/**
 * What a policy answers, and how a task's status changes. A policy is a pure function of what was observed and the
 * time; it answers undefined when it has nothing to say, and the next one is asked.
 */
import { jobFacts, stateOf } from "../traintask/state.ts";
import type { TrainTaskStatus } from "../traintask/status.ts";
import { condition, withConditions } from "./conditions.ts";
import type { ConditionChange } from "./conditions.ts";
import type { Observed } from "./observed.ts";
import { instant } from "../kube/timestamp.ts";
import type { JobView, Meta } from "./views.ts";

/** An object to delete: this very one, never a successor of the same name. */
export interface Deletion {
  readonly kind: "Job" | "Pod" | "TrainTask";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface PlannedEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

export interface Step {
  readonly deletions?: readonly Deletion[];
  /** The whole status as it should be; absent when it is right as it is. */
  readonly status?: TrainTaskStatus;
  readonly events?: readonly PlannedEvent[];
  /** When time alone may change the plan, in milliseconds since 1970. */
  readonly lookAgainAt?: number;
}

export type Policy = (observed: Observed, now: number) => Step | undefined;

export function firstThatSpeaks(policies: readonly Policy[], observed: Observed, now: number): Step | undefined {
  for (const policy of policies) {
    const step = policy(observed, now);
    if (step !== undefined) return step;
  }
  return undefined;
}

export function deletionOf(kind: Deletion["kind"], { namespace, name, uid }: Meta): Deletion {
  return { kind, namespace, name, uid };
}

/** The earliest of the times given; undefined when there is none. */
function earliest(...times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** `lookAgainAt` as a field, or no field. */
export function lookAgain(...times: (number | undefined)[]): Pick<Step, "lookAgainAt"> {
  const at = earliest(...times);
  return at === undefined ? {} : { lookAgainAt: at };
}

export interface StatusChange {
  readonly conditions: readonly ConditionChange[];
  /** The Job that this is about: its name, attempt and counts go into the status. */
  readonly job?: JobView | undefined;
  readonly set?: Partial<TrainTaskStatus>;
  readonly clear?: readonly (keyof TrainTaskStatus)[];
  /** When the pods stopped running, if Running turns false by this change; default now. */
  readonly ranUntil?: number | undefined;
}

/**
 * The task's status with a change applied, `state` derived anew, and the time that Running was true added to
 * `ranSeconds` in the same write that makes it false, so that no second is counted twice or lost.
 */
export function changed(observed: Observed, now: number, change: StatusChange): TrainTaskStatus {
  const { task } = observed;
  const next: TrainTaskStatus = { ...task.status, ...(change.job && factsOf(change.job)), ...change.set };
  for (const field of change.clear ?? []) delete next[field];
  next.conditions = withConditions(task.status.conditions, change.conditions, now);
  const ran = ranSeconds(observed, next, change.ranUntil ?? now);
  if (ran !== undefined && change.set?.ranSeconds === undefined) next.ranSeconds = ran;
  next.state = stateOf({ spec: task.spec, status: next }, change.job && jobFacts(change.job));
  if (task.metadata.generation !== undefined) next.observedGeneration = task.metadata.generation;
  return next;
}

function factsOf(job: JobView): Partial<TrainTaskStatus> {
  const { active = 0, ready = 0, succeeded = 0, failed = 0 } = job.status;
  // A Job that has ended has no pods, whatever it last said of `ready`.
  const running = jobFacts(job).terminal ? { active: 0, ready: 0 } : { active, ready };
  return { jobName: job.metadata.name, attempt: job.attempt, ...running, succeeded, failed };
}

function ranSeconds({ task }: Observed, next: TrainTaskStatus, until: number): number | undefined {
  const before = condition(task.status, "Running");
  if (before?.status !== "True" || condition(next, "Running")?.status !== "False") return undefined;
  const since = instant(before.lastTransitionTime) ?? until;
  return (task.status.ranSeconds ?? 0) + Math.max(0, Math.ceil((until - since) / 1000));
}
