/**
 * The scene of a fault: a namespace with a queue of its own, tasks that train long enough to be disturbed, and what must
 * hold of each of them afterwards: it came to its end once, never ran twice at a time, and made the model that an
 * undisturbed task makes.
 */
import { expect } from "vitest";
import { type KubeObject, type Pod, pods } from "../../kube/objects.ts";
import { containerName, labels, trainQueues, trainTasks } from "../../traintask/names.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { lookOn, type Onlooker } from "./onlooker.ts";
import { eventually, type Release } from "./release.ts";

export interface Scene {
  readonly release: Release;
  readonly namespace: string;
  /** Of somebody who may submit here. */
  readonly token: string;
  readonly onlooker: Onlooker;
  /** Submits a forest that takes some seconds, with these fields of its spec besides or instead. */
  submit(name: string, spec?: object): Promise<void>;
  /** Several such, at once. */
  submitAll(names: readonly string[], spec?: object): Promise<void>;
  /** The spec that `submit` sends. */
  spec(spec?: object): object;
  task(name: string): Promise<TrainTask>;
  /** The task as soon as this holds of it. */
  taskWhen(name: string, holds: (task: TrainTask) => boolean): Promise<TrainTask>;
  /** The pod of the task whose container runs. */
  runningPod(name: string): Promise<Pod>;
  /** The task has made some progress, which would be lost were it not stored. */
  untilUnderWay(name: string): Promise<void>;
  /** It succeeded, with the model of an undisturbed task of the same spec. */
  untilTrained(name: string, spec?: object): Promise<TrainTask>;
  /** Nothing ran twice, the limit held, and every slot is free again. The namespace goes with the release's `leave`. */
  leave(): Promise<void>;
}

/** Half a core, so that no machine and no better trainer is done before the fault comes. */
const disturbed = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m" } };
const calm = { requests: disturbed.requests };
const forest = {
  trainer: { randomForest: { nEstimators: 1200, minSamplesLeaf: 10 } },
  dataset: { synthetic: { kind: "friedman1", rows: 4000, columns: 10, noise: "1" } },
  resources: disturbed,
  terminationGracePeriodSeconds: 20,
  seed: 1,
};

export interface SceneOptions {
  readonly release: Release;
  /** Of its queue. */
  readonly maxRunning: number;
}

export async function aScene(prefix: string, { release, maxRunning }: SceneOptions): Promise<Scene> {
  const { client } = release;
  const namespace = await release.aNamespace(prefix);
  const meta = { name: namespace, labels: { "traintask.dev/test": "fault" } };
  await release.apply({
    apiVersion: "traintask.dev/v1alpha1",
    kind: "TrainQueue",
    metadata: meta,
    spec: { maxRunning },
  });
  const onlooker = await lookOn(client, namespace);
  const key = (name: string) => ({ namespace, name });
  const task = (name: string): Promise<TrainTask> => client.get<KubeObject & TrainTask>(trainTasks, key(name));
  const taskWhen: Scene["taskWhen"] = async (name, holds) => {
    let last: TrainTask | undefined;
    return eventually(`task ${name} is as expected`, async () => {
      last = await task(name).catch(() => undefined);
      return last !== undefined && holds(last) ? last : undefined;
    }).catch((cause: unknown) => {
      throw new Error(`the status of ${name}: ${JSON.stringify(last?.status)}`, { cause });
    });
  };
  const specOf = (spec: object = {}): object => ({ ...forest, queue: namespace, ...spec });
  const submitAll: Scene["submitAll"] = (names, spec) =>
    release.apply({
      apiVersion: "v1",
      kind: "List",
      items: names.map((name) => ({
        apiVersion: "traintask.dev/v1alpha1",
        kind: "TrainTask",
        metadata: key(name),
        spec: specOf(spec),
      })),
    });
  const ended = (name: string): Promise<TrainTask> =>
    taskWhen(name, ({ status }) => ["Succeeded", "Failed", "Cancelled"].includes(status?.state ?? ""));
  const undisturbed = new Map<string, Promise<string>>();
  const digestOfUndisturbed = async (spec: object): Promise<string> => {
    const name = `undisturbed-${undisturbed.size}`;
    await submitAll([name], { ...spec, resources: calm });
    return (await ended(name)).status?.model?.digest ?? "";
  };
  return {
    release,
    namespace,
    token: release.scientist(namespace),
    onlooker,
    submit: (name, spec) => submitAll([name], spec),
    submitAll,
    spec: specOf,
    task,
    taskWhen,
    runningPod: (name) =>
      eventually(`a pod of ${name} runs`, async () => {
        const labelSelector = `${labels.task}=${name}`;
        const { items } = await client.list<Pod & KubeObject>(pods, { namespace, labelSelector });
        return items.find(({ metadata, status }) => {
          const container = status?.containerStatuses?.find((one) => one.name === containerName);
          return metadata?.deletionTimestamp === undefined && container?.state?.running !== undefined;
        });
      }),
    async untilUnderWay(name) {
      const { status } = await taskWhen(name, (it) => (it.status?.trainerStatus?.progressPercentage ?? 0) > 0);
      expect(status?.state, `${name} was to be disturbed before its end`).toBe("Running");
    },
    async untilTrained(name, spec = {}) {
      const done = await ended(name);
      expect(done.status).toMatchObject({ state: "Succeeded", model: { partial: false } });
      const same = JSON.stringify(spec);
      const digest = undisturbed.get(same) ?? digestOfUndisturbed(spec);
      undisturbed.set(same, digest);
      expect(done.status?.model?.digest).toBe(await digest);
      return done;
    },
    async leave() {
      await eventually("every slot is free", async () => {
        const { status } = await client.get<KubeObject & { status?: { running?: number; queued?: number } }>(
          trainQueues,
          {
            name: namespace,
          },
        );
        return status?.running === 0 && status.queued === 0 ? true : undefined;
      });
      await onlooker.stop();
      expect(onlooker.overlaps).toEqual([]);
      expect(onlooker.mostJobs).toBeLessThanOrEqual(maxRunning);
      release.kubectl("delete", "trainqueue", namespace);
    },
  };
}
