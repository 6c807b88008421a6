/**
 * A task's two deadlines. Both are moments, computed from what the status and the Job say, so that an operator that
 * starts anew comes to the same moment. Neither is set on the Job: a Job that ends by its own deadline kills its pods
 * before their work is saved in order, and knows nothing of earlier attempts.
 */
import { condition } from "./conditions.ts";
import { hasRun } from "./observed.ts";
import { instant } from "../kube/timestamp.ts";
import type { JobView, TaskView } from "./views.ts";

/** When the task will have run for `activeDeadlineSeconds`, attempts and suspensions summed; undefined unless it runs. */
export function runDeadline({ spec, status }: TaskView): number | undefined {
  const running = condition(status, "Running");
  if (spec.activeDeadlineSeconds === undefined || running?.status !== "True") return undefined;
  const since = instant(running.lastTransitionTime);
  if (since === undefined) return undefined;
  return since + (spec.activeDeadlineSeconds - (status.ranSeconds ?? 0)) * 1000;
}

/** All the time that the task may run has been used up by earlier attempts. */
export function hasUsedUpRunTime({ spec, status }: TaskView): boolean {
  return spec.activeDeadlineSeconds !== undefined && (status.ranSeconds ?? 0) >= spec.activeDeadlineSeconds;
}

/** Until when a pod of this Job must have been ready; undefined once one was. */
export function startDeadline(job: JobView, task: TaskView): number | undefined {
  if (hasRun(job, task)) return undefined;
  const admitted = instant(job.metadata.creationTimestamp);
  return admitted === undefined ? undefined : admitted + task.spec.preRunningDeadlineSeconds * 1000;
}
