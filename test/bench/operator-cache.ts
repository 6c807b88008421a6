/**
 * Memory of the operator's cache: bytes of heap per queued task, for 10,000 tasks as a watch delivers them, in the
 * store with the indexes that the operator keeps. Compared with the goal of 1 KiB, and with keeping whole objects.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { keyOf } from "../../kube/keys.ts";
import { silentLog } from "../../kube/log.ts";
import type { KubeObject } from "../../kube/objects.ts";
import { ObjectStore } from "../../kube/store.ts";
import { taskIndexes } from "../../operator/caches.ts";
import { projectTask } from "../../operator/project.ts";
import type { TaskView } from "../../operator/views.ts";
import { aTrainTask } from "../builders/objects.ts";
import type { BenchRow } from "./row.ts";

const count = 10_000;
const goal = 1024;

export async function run(): Promise<BenchRow[]> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // Once unmeasured, so that compiled code and shapes are not counted.
  bytesPerTask(collect, projected);
  const ours = bytesPerTask(collect, projected);
  const whole = bytesPerTask(collect, (object) => object as TaskView);
  const row = { ours, unit: "bytes", note: `${count} queued tasks of one namespace` };
  return [
    { name: "a queued task in the operator's cache / 1 KiB", reference: goal, ratio: ours / goal, goal: 1, ...row },
    { name: "the same / the whole object as it came", reference: whole, ratio: ours / whole, ...row },
  ];
}

function projected(object: KubeObject): TaskView {
  return projectTask(object);
}

function bytesPerTask(collect: () => void, project: (object: KubeObject) => TaskView): number {
  const store = new ObjectStore<TaskView>({ log: silentLog, indexes: taskIndexes });
  const before = used(collect);
  for (let index = 0; index < count; index++) {
    const object = JSON.parse(line(index)) as KubeObject;
    const { uid = "", resourceVersion = "" } = object.metadata ?? {};
    delete object.metadata?.managedFields;
    store.set(keyOf(object), { uid, resourceVersion, object: project(object) });
  }
  const bytes = (used(collect) - before) / count;
  // The store must outlive the measure.
  if (store.size !== count) throw new Error(`${store.size} tasks in the cache`);
  return bytes;
}

function used(collect: () => void): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** A queued task as a line of a watch: with what kubectl and the API server add to it. */
function line(index: number): string {
  const digits = String(index).padStart(12, "0");
  const manifest = JSON.stringify({ spec: { trainer: { randomForest: {} } }, metadata: { name: `task-${index}` } });
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": manifest };
  const managedFields = [{ manager: "kubectl", operation: "Update", fieldsV1: { "f:spec": { "f:trainer": {} } } }];
  return JSON.stringify(
    aTrainTask({
      metadata: {
        name: `task-${index}`,
        uid: `7b0c3c0e-0000-4000-8000-${digits}`,
        resourceVersion: String(1_000_000 + index),
        annotations,
        ...({ managedFields } as object),
      },
      spec: { dataset: { target: "species" } },
      status: { state: "Queued" },
    }),
  );
}
