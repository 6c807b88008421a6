/**
 * Whole objects with sensible fields for tests that care about one or two of them: `aTrainTask({ spec: { suspend:
 * true } })`. Overrides are merged into the object all the way down; arrays replace arrays.
 */
import type { Job, Pod } from "../../kube/objects.ts";
import { apiVersion, containerName, jobName, labels } from "../../traintask/names.ts";
import { parseTrainQueue, parseTrainTask } from "../../traintask/parse.ts";
import type { TrainQueue } from "../../traintask/queue.ts";
import type { TrainTask } from "../../traintask/task.ts";

/** T with every field optional, all the way down. */
export type Overrides<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: Overrides<T[Key]> }
    : T;

/** The moment at which every built object was created. */
export const created = "2030-01-01T00:00:00Z";
export const taskUid = "0a1b2c3d-0000-4000-8000-000000000001";

/** A task of a small forest on generated data, as a person writes it. */
export function aManifest(overrides: Overrides<TrainTask> = {}): TrainTask {
  return merged(
    {
      apiVersion,
      kind: "TrainTask",
      metadata: { name: "iris", namespace: "default" },
      spec: { trainer: { randomForest: { nEstimators: 10 } }, dataset: { synthetic: {} } },
    },
    overrides,
  ) as TrainTask;
}

/** The same as it stands in the API server, defaults applied. */
export function aTrainTask(overrides: Overrides<TrainTask> = {}): TrainTask {
  const stored = { metadata: { uid: taskUid, resourceVersion: "1", generation: 1, creationTimestamp: created } };
  return parseTrainTask(merged(aManifest(), merged(stored, overrides)));
}

export function aTrainQueue(overrides: Overrides<TrainQueue> = {}): TrainQueue {
  const queue = {
    apiVersion,
    kind: "TrainQueue",
    metadata: {
      name: "default",
      uid: "0a1b2c3d-0000-4000-8000-00000000000a",
      resourceVersion: "1",
      generation: 1,
      creationTimestamp: created,
    },
    spec: { maxRunning: 2 },
  };
  return parseTrainQueue(merged(queue, overrides));
}

/** The Job of a task's attempt, just created. */
export function aJob(overrides: Overrides<Job> = {}, of: { task?: TrainTask; attempt?: number } = {}): Job {
  const { task = aTrainTask(), attempt = 1 } = of;
  const { name, namespace, uid } = task.metadata;
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: jobName({ name, uid }, attempt),
      namespace,
      uid: `job-${uid}-${attempt}`,
      resourceVersion: "1",
      creationTimestamp: created,
      labels: marks(task, attempt),
      ownerReferences: [{ apiVersion, kind: "TrainTask", name, uid, controller: true }],
    },
    spec: {
      template: {
        spec: { containers: [{ name: containerName, image: "trainer", resources: { limits: { memory: "1Gi" } } }] },
      },
    },
    status: {},
  };
  return merged(job, overrides);
}

/** A pod of that Job, running and ready. */
export function aPod(overrides: Overrides<Pod> = {}, of: { task?: TrainTask; attempt?: number } = {}): Pod {
  const { task = aTrainTask(), attempt = 1 } = of;
  const name = jobName(task.metadata, attempt);
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-x`,
      namespace: task.metadata.namespace,
      uid: `pod-${task.metadata.uid}-${attempt}`,
      resourceVersion: "1",
      creationTimestamp: created,
      labels: { ...marks(task, attempt), [labels.jobName]: name },
    },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: created }],
      containerStatuses: [{ name: containerName, ready: true, state: { running: { startedAt: created } } }],
    },
  };
  return merged(pod, overrides);
}

/** The status of a pod whose container has ended. */
export function anExit(
  exitCode: number,
  terminated: { reason?: string; message?: string; startedAt?: string; finishedAt?: string } = {},
): Overrides<Pod> {
  const state = { exitCode, reason: exitCode === 0 ? "Completed" : "Error", startedAt: created, ...terminated };
  return {
    status: {
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      conditions: [],
      containerStatuses: [
        { name: containerName, ready: false, state: { terminated: state }, image: "", imageID: "", restartCount: 0 },
      ],
    },
  };
}

function marks({ metadata, spec }: TrainTask, attempt: number): Record<string, string> {
  return {
    [labels.task]: metadata.name,
    [labels.taskUid]: metadata.uid,
    [labels.attempt]: String(attempt),
    [labels.queue]: spec.queue,
  };
}

type Document = Record<string, unknown>;

/** RFC 7396, but a field set to undefined is left out. */
function merged(base: object, overrides: object): Document {
  const result: Document = { ...base };
  for (const [key, value] of Object.entries(overrides)) {
    const old = result[key];
    if (value === undefined) delete result[key];
    else result[key] = isDocument(old) && isDocument(value) ? merged(old, value) : value;
  }
  return result;
}

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
