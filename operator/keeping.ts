/**
 * How long things stay after their end. A finished Job goes one hour after its end once its log is kept by the API,
 * and after a day without that; the task itself goes when its `ttlSecondsAfterFinished` is over, and with it, by
 * ownership, whatever Job it still has.
 */
import { instant } from "../kube/timestamp.ts";
import { jobCondition } from "./observed.ts";
import type { Observed } from "./observed.ts";
import { deletionOf, lookAgain } from "./step.ts";
import type { Step } from "./step.ts";
import type { JobView, TaskView } from "./views.ts";

const hourMs = 3_600_000;
const withLogMs = hourMs;
const withoutLogMs = 24 * hourMs;

/** When a Job that has ended may be deleted. */
function keptUntil(job: JobView, { status }: TaskView): number {
  const told = job.status.completionTime ?? jobCondition(job, "Failed")?.lastTransitionTime;
  const end = instant(told) ?? instant(status.completionTime) ?? instant(job.metadata.creationTimestamp) ?? 0;
  return end + (status.logStored === true ? withLogMs : withoutLogMs);
}

/** Deletes Jobs that have been kept for long enough. `jobs` have all ended. */
export function sweep(observed: Observed, jobs: readonly JobView[], now: number): Step {
  const there = jobs.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const due = there.filter((job) => now >= keptUntil(job, observed.task));
  const later = there.filter((job) => !due.includes(job)).map((job) => keptUntil(job, observed.task));
  return { deletions: due.map(({ metadata }) => deletionOf("Job", metadata)), ...lookAgain(...later) };
}

/** Deletes a finished task whose time is over; undefined when it has none set. */
export function expire({ task }: Observed, now: number): Step | undefined {
  const ttl = task.spec.ttlSecondsAfterFinished;
  const end = instant(task.status.completionTime);
  if (ttl === undefined || end === undefined) return undefined;
  const at = end + ttl * 1000;
  return now >= at ? { deletions: [deletionOf("TrainTask", task.metadata)] } : { lookAgainAt: at };
}
