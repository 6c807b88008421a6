/**
 * The Job of one attempt. Its name is a function of task and attempt, so that a second create of the same attempt is a
 * 409. What it retries, and what it gives up at once, is decided by exit code and in this order:
 *
 *     a pod lost to the cluster (drain, eviction)      does not count
 *     bad configuration or data (built-in trainers)    the Job fails: another try would end the same
 *     out of memory, or killed                         the Job fails: the operator looks why, see retries.ts
 *     everything else                                  counts against backoffLimit
 */
import type { Job, JobSpec } from "../kube/objects.ts";
import { exitCode } from "../traintask/contract.ts";
import { apiVersion, containerName, jobName, labels, trainTasks } from "../traintask/names.ts";
import { isBuiltIn, memoryCodes } from "./failure.ts";
import { podTemplate } from "./pod-template.ts";
import type { PodSettings } from "./pod-template.ts";
import { isSharded } from "./shards.ts";
import type { TaskView } from "./views.ts";

/**
 * With shards it is an Indexed Job, in which each index has retries of its own; an index that has used them up fails the
 * Job at once, since a forest without some of its trees is not the one that was asked for.
 *
 * @param task read in full: an inline table that the cache leaves out must be there
 */
export function buildJob(task: TaskView, attempt: number, settings: PodSettings): Job {
  const { namespace, name, uid } = task.metadata;
  const marks = {
    [labels.task]: name,
    [labels.taskUid]: uid,
    [labels.attempt]: String(attempt),
    [labels.queue]: task.spec.queue,
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: jobName({ name, uid }, attempt),
      namespace,
      labels: marks,
      ownerReferences: [{ apiVersion, kind: trainTasks.kind, name, uid, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      ...extent(task),
      podReplacementPolicy: "Failed",
      podFailurePolicy: podFailurePolicy(task),
      template: podTemplate(task, { attempt, labels: marks, settings }),
    },
  };
}

/** How many pods it has, and how often it may replace one. */
function extent(task: TaskView): Partial<JobSpec> {
  const { shards, backoffLimit } = task.spec;
  const left = Math.max(0, backoffLimit - (task.status.retries ?? 0));
  if (!isSharded(task)) return { backoffLimit: left, completions: 1, parallelism: 1 };
  return {
    completionMode: "Indexed",
    completions: shards,
    parallelism: shards,
    backoffLimitPerIndex: left,
    maxFailedIndexes: 0,
  };
}

function podFailurePolicy(task: TaskView): NonNullable<JobSpec["podFailurePolicy"]> {
  const failOn = (values: readonly number[]) => ({
    action: "FailJob",
    onExitCodes: { containerName, operator: "In", values: [...values] },
  });
  return {
    rules: [
      { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
      ...(isBuiltIn(task) ? [failOn([exitCode.badConfiguration, exitCode.badData])] : []),
      failOn(memoryCodes(task)),
    ],
  };
}
