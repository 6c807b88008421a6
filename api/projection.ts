/**
 * What the API keeps in memory of tasks and Jobs. An inline table is the bulk of a task and answers no question that
 * is asked of the cache, so it stays out; whoever wants the whole task asks the API server.
 */
import type { Job, KubeObject } from "../kube/objects.ts";
import { labels } from "../traintask/names.ts";
import { parseTrainTask } from "../traintask/parse.ts";
import { jobFacts } from "../traintask/state.ts";
import type { JobFacts } from "../traintask/state.ts";
import type { TrainTask } from "../traintask/task.ts";

/** An inline table of at most this length is kept. */
const longestCsv = 1024;
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

export function projectTask(object: KubeObject): TrainTask {
  const task = parseTrainTask(object);
  const { [lastApplied]: _, ...annotations } = task.metadata.annotations ?? {};
  const metadata = withoutManagedFields(task.metadata);
  if (task.metadata.annotations !== undefined) metadata.annotations = annotations;
  const { dataset } = task.spec;
  if (dataset?.csv === undefined || dataset.csv.length <= longestCsv) return { ...task, metadata };
  const { csv: __, ...rest } = dataset;
  return { ...task, metadata, spec: { ...task.spec, dataset: rest } };
}

/** A real API server's book of who wrote which field says nothing about the task. */
export function withoutManagedFields(metadata: TrainTask["metadata"]): TrainTask["metadata"] {
  const { managedFields: _, ...rest } = metadata;
  return rest;
}

/** A Job of ours, as far as a task's state depends on it. */
export interface JobView {
  readonly key: string;
  readonly uid: string;
  readonly taskUid: string;
  readonly attempt: number;
  readonly facts: JobFacts;
  /** It ended well. */
  readonly isComplete: boolean;
}

/** @throws RangeError for a Job that does not bear our labels */
export function projectJob(object: KubeObject): JobView {
  const job = object as Job;
  const taskUid = job.metadata?.labels?.[labels.taskUid];
  const attempt = Number(job.metadata?.labels?.[labels.attempt]);
  const owner = job.metadata?.ownerReferences?.find((one) => one.controller === true)?.uid;
  if (taskUid === undefined || owner !== taskUid || !Number.isSafeInteger(attempt))
    throw new RangeError("the Job bears our labels, but not the uid of its owner and an attempt");
  const { namespace = "", name = "", uid = "" } = job.metadata ?? {};
  const isComplete =
    job.status?.conditions?.some(({ type, status }) => type === "Complete" && status === "True") ?? false;
  return { key: `${namespace}/${name}`, uid, taskUid, attempt, facts: jobFacts(job), isComplete };
}
