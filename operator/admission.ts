/**
 * Who goes next: a pure function of a queue's tasks and of the slots that are held. To be admitted is to be given a
 * Job; the limit is never exceeded, because slots are recounted each time and a task takes exactly one.
 */
import { queueOrder } from "../traintask/order.ts";
import { isTerminal, isTrue } from "./conditions.ts";
import { hasUsedUpRunTime } from "./deadlines.ts";
import { isDealtWith, isOver, isPodOver, newestJob } from "./observed.ts";
import type { Slot } from "./slots.ts";
import type { JobView, PodView, TaskView } from "./views.ts";

/** What is known of one task when the question is whether it wants a Job. */
export interface Candidate {
  readonly task: TaskView;
  readonly jobs: readonly JobView[];
  readonly pods: readonly PodView[];
  /** Why one of these cannot be read: it may be running. */
  readonly unreadable?: string;
}

/**
 * The task waits for a slot: it is neither over, nor stopped, nor does anything of an attempt remain that runs, or
 * whose end is not on record yet.
 */
export function wantsSlot({ task, jobs, pods, unreadable }: Candidate): boolean {
  const { metadata, spec, status, kueue } = task;
  if (isTerminal(status) || metadata.deletionTimestamp !== undefined) return false;
  if (spec.suspend || spec.cancel || kueue || hasUsedUpRunTime(task)) return false;
  if (status.model !== undefined && !status.model.partial) return false;
  if (unreadable !== undefined || !pods.every(isPodOver)) return false;
  const job = newestJob(jobs);
  if (job === undefined) return !isTrue(status, "Admitted");
  return isGoneFor(job, pods) && isDealtWith(job, task);
}

/** A deleted Job must be gone altogether; one that ended by itself may stay for its logs. */
function isGoneFor(job: JobView, pods: readonly PodView[]): boolean {
  return job.metadata.deletionTimestamp === undefined && isOver(job, pods);
}

/** The attempt that a task's next Job is: never one that a Job in sight, or the status, knows already. */
export function attemptAfter({ task, jobs }: Pick<Candidate, "task" | "jobs">): number {
  return Math.max(task.status.attempt ?? 0, newestJob(jobs)?.attempt ?? 0) + 1;
}

export interface Line {
  /** To be given a Job now, in this order. */
  readonly next: readonly TaskView[];
  /** The others, in the order in which they will be. */
  readonly waiting: readonly TaskView[];
}

/**
 * @param wanting tasks of one queue for which `wantsSlot` holds
 * @param limit slots of the queue
 */
export function lineUp(wanting: readonly TaskView[], held: readonly Slot[], limit: number): Line {
  const free = Math.max(0, limit - held.length);
  const perNamespace = new Map<string, number>();
  for (const { namespace } of held) perNamespace.set(namespace, (perNamespace.get(namespace) ?? 0) + 1);
  const entries = wanting.map((task) => ({
    task,
    namespace: task.metadata.namespace,
    uid: task.metadata.uid,
    priority: task.spec.priority,
    creationTimestamp: task.metadata.creationTimestamp,
  }));
  const line = queueOrder(entries, perNamespace).map(({ task }) => task);
  return { next: line.slice(0, free), waiting: line.slice(free) };
}
