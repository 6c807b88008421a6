/**
 * Where a task stands, in one word. A pure function of the task and of what its current Job says, used by the
 * operator for `status.state` and by the API for counts and filters: one truth for both.
 *
 *            no Job          live Job, none ready    live Job, ready     Job ended           condition
 *   Queued or Suspended  ->       Starting       ->      Running     ->  Finishing  ->  Succeeded, Failed, Cancelled
 */
import { type State, reasons } from "./reasons.ts";
import type { Condition } from "./status.ts";
import type { TrainTask } from "./task.ts";

/** What matters of the Job of a task's current attempt. */
export interface JobFacts {
  /** Pods, as the Job's status counts them. */
  readonly ready: number;
  readonly active: number;
  readonly terminating: number;
  /** Complete or Failed: no pod of it runs any more. */
  readonly terminal: boolean;
  /** Its deletion was asked for, and waits for its pods to go. */
  readonly deleting: boolean;
}

/** The part of a Job that facts are read from; structurally a `Job` of kube/objects.ts. */
export interface JobLike {
  readonly metadata?: { readonly deletionTimestamp?: string };
  readonly status?: {
    readonly ready?: number;
    readonly active?: number;
    readonly terminating?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** The part of a task that its state is made of. */
export interface TaskLike {
  readonly spec: Pick<TrainTask["spec"], "suspend">;
  readonly status: Pick<TrainTask["status"], "conditions">;
}

export function jobFacts(job: JobLike): JobFacts {
  const { ready = 0, active = 0, terminating = 0, conditions = [] } = job.status ?? {};
  const terminal = conditions.some(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
  return { ready, active, terminating, terminal, deleting: job.metadata?.deletionTimestamp !== undefined };
}

/** The true Complete or Failed condition of a task that has ended. */
export function terminalCondition({ status }: Pick<TaskLike, "status">): Condition | undefined {
  const isTrue = (wanted: Condition["type"]) => (condition: Condition) =>
    condition.type === wanted && condition.status === "True";
  return status.conditions?.find(isTrue("Complete")) ?? status.conditions?.find(isTrue("Failed"));
}

/** @param job facts of the Job of the task's current attempt; absent when there is none */
export function stateOf(task: TaskLike, job?: JobFacts): State {
  const end = terminalCondition(task);
  if (end !== undefined) return endState(end);
  if (job === undefined) return waitingState(task);
  // Between two attempts: the Job that ended is still there, and the next one is not admitted yet.
  if (job.terminal) return isStatus(task, "Admitted", "False") ? waitingState(task) : "Finishing";
  if (job.ready > 0) return "Running";
  return isStopping(job) && isStatus(task, "Running", "True") ? "Running" : "Starting";
}

function endState({ type, reason }: Condition): State {
  if (type === "Complete") return "Succeeded";
  return reason === reasons.cancelled ? "Cancelled" : "Failed";
}

function waitingState(task: TaskLike): State {
  return task.spec.suspend ? "Suspended" : "Queued";
}

/** Its pods are going, and no longer count as ready; they still hold the slot. */
function isStopping(job: JobFacts): boolean {
  return job.deleting || (job.active === 0 && job.terminating > 0);
}

function isStatus(task: TaskLike, type: Condition["type"], status: Condition["status"]): boolean {
  return task.status.conditions?.some((condition) => condition.type === type && condition.status === status) ?? false;
}
