/**
 * What the operator keeps of each object that it watches. A projection runs while the object is decoded, so the rest
 * never reaches the cache: 10,000 queued tasks are below 1 KiB each. A projection throws for an object that it
 * cannot read; the reflector then reports that object and keeps it out, and all others go on.
 */
import type { Job, Pod } from "../kube/objects.ts";
import { containerName, labels } from "../traintask/names.ts";
import { parseTrainQueue, parseTrainTask } from "../traintask/parse.ts";
import { jobFacts } from "../traintask/state.ts";
import { intern } from "./intern.ts";
import { UnreadableChildError } from "./unreadable.ts";
import type { UnreadableChild } from "./unreadable.ts";
import type { ContainerState, JobCondition, JobView, Meta, PodView, QueueView, TaskView } from "./views.ts";

/** Longest inline table, in characters, that the cache keeps. */
const longestCachedCsv = 1024;

/** @throws Error when the object has no identity; the message says what is missing. */
function metaOf(metadata: Job["metadata"]): Meta {
  const { namespace, name, uid, resourceVersion, creationTimestamp, generation, deletionTimestamp } = metadata ?? {};
  if (name === undefined || uid === undefined || creationTimestamp === undefined) {
    throw new Error(`an object without name, uid or creationTimestamp: ${namespace ?? ""}/${name ?? ""}`);
  }
  return {
    namespace: intern(namespace ?? ""),
    name,
    uid,
    resourceVersion: resourceVersion ?? "0",
    creationTimestamp,
    ...(generation === undefined ? {} : { generation }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  };
}

export function projectTask(object: object): TaskView {
  const { metadata, spec, status } = parseTrainTask(object);
  const csvLeftOut = (spec.dataset?.csv?.length ?? 0) > longestCachedCsv;
  if (csvLeftOut) delete spec.dataset?.csv;
  spec.queue = intern(spec.queue);
  return {
    metadata: metaOf(metadata as Job["metadata"]),
    spec,
    status,
    kueue: metadata.labels?.[labels.kueueQueue] !== undefined,
    csvLeftOut,
  };
}

export function projectQueue(object: object): QueueView {
  const { metadata, spec, status } = parseTrainQueue(object);
  return { metadata: metaOf(metadata as Job["metadata"]), spec, status };
}

type Identity = Pick<JobView, "taskUid" | "taskName" | "attempt" | "queue">;

/**
 * From the labels that every Job and pod of ours bears. @param of what is known of the object should they be wrong
 * @throws UnreadableChildError
 */
function identity(metadata: Job["metadata"], of: Pick<UnreadableChild, "kind" | "taskUid" | "isOver">): Identity {
  const { namespace = "", name = "", labels: marks = {} } = metadata ?? {};
  const { [labels.taskUid]: taskUid = "", [labels.task]: taskName = "", [labels.queue]: queue = "" } = marks;
  const jobName = of.kind === "Job" ? name : (marks[labels.jobName] ?? "");
  const unreadable = (why: string) => new UnreadableChildError({ ...of, namespace, name, jobName, queue }, why);
  if (taskUid !== of.taskUid) throw unreadable(`label ${labels.taskUid} names a task that does not own it`);
  const attempt = Number(marks[labels.attempt]);
  if (!Number.isInteger(attempt) || attempt < 1) {
    throw unreadable(`label ${labels.attempt} is not an attempt: ${marks[labels.attempt]}`);
  }
  return { taskUid, taskName, attempt, queue: intern(queue) };
}

/** A Job's owner is decided by uid: a Job that bears our labels and is not controlled by that task is not ours. */
export function projectJob(job: Job): JobView {
  const marks = identity(job.metadata, {
    kind: "Job",
    taskUid: controllerOf(job) ?? "",
    isOver: jobFacts(job).terminal,
  });
  const { active, ready, succeeded, failed, terminating, completionTime, conditions } = job.status ?? {};
  const container = job.spec?.template.spec?.containers.find(({ name }) => name === containerName);
  const memoryLimit = container?.resources?.limits?.["memory"];
  return {
    metadata: metaOf(job.metadata),
    ...marks,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    status: {
      ...(active === undefined ? {} : { active }),
      ...(ready === undefined ? {} : { ready }),
      ...(succeeded === undefined ? {} : { succeeded }),
      ...(failed === undefined ? {} : { failed }),
      ...(terminating === undefined ? {} : { terminating }),
      ...(completionTime === undefined ? {} : { completionTime }),
      ...(conditions === undefined ? {} : { conditions: conditions.map(conditionOf) }),
    },
  };
}

/** Uid of the object that controls this one. */
export function controllerOf({ metadata }: Job): string | undefined {
  return metadata?.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

function conditionOf(condition: JobCondition): JobCondition {
  const { type, status, reason, message, lastTransitionTime } = condition;
  return {
    type: intern(type),
    status: intern(status),
    ...(reason === undefined ? {} : { reason: intern(reason) }),
    ...(message === undefined ? {} : { message }),
    ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
  };
}

export function projectPod(pod: Pod): PodView {
  const { phase, reason, message, conditions, containerStatuses } = pod.status ?? {};
  const container = containerStatuses?.find(({ name }) => name === containerName);
  const nodeName = pod.spec?.nodeName;
  const taskUid = pod.metadata?.labels?.[labels.taskUid] ?? "";
  const isOver = phase === "Succeeded" || phase === "Failed";
  return {
    metadata: metaOf(pod.metadata),
    ...identity(pod.metadata, { kind: "Pod", taskUid, isOver }),
    jobName: pod.metadata?.labels?.[labels.jobName] ?? "",
    ...shardOf(pod),
    ...(nodeName === undefined ? {} : { nodeName }),
    phase: phase ?? "Pending",
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    conditions: (conditions ?? []).map(conditionOf),
    ...(container === undefined ? {} : { container: containerOf(container) }),
  };
}

/** How often pods of the same index failed before, as the Job controller notes it on each pod. */
const failureCount = "batch.kubernetes.io/job-index-failure-count";

function shardOf({ metadata }: Pod): Pick<PodView, "shard"> {
  const index = wholeNumber(metadata?.labels?.[labels.completionIndex]);
  if (index === undefined) return {};
  return { shard: { index, failures: wholeNumber(metadata?.annotations?.[failureCount]) ?? 0 } };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

function containerOf({ ready, state }: ContainerStatus): ContainerState {
  const { waiting, terminated } = state ?? {};
  return {
    ready,
    ...(waiting === undefined ? {} : { waiting: { reason: waiting.reason ?? "", message: waiting.message ?? "" } }),
    ...(terminated === undefined
      ? {}
      : {
          terminated: {
            exitCode: terminated.exitCode,
            reason: terminated.reason ?? "",
            message: terminated.message ?? "",
            ...(terminated.startedAt === undefined ? {} : { startedAt: terminated.startedAt }),
            ...(terminated.finishedAt === undefined ? {} : { finishedAt: terminated.finishedAt }),
          },
        }),
  };
}
