/**
 * Every door leads to the API server, and it refuses what the rules forbid: each forbidden create, update and status
 * write is sent to it through the client. The same cases for the local API server and for a real one.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { KubeClient } from "../../kube/client.ts";
import { AlreadyExistsError, ConflictError, InvalidError } from "../../kube/errors.ts";
import type { KubeObject, ObjectKey, Resource } from "../../kube/objects.ts";
import { trainQueueLater, trainTaskLater } from "../../traintask/later.ts";
import { apiVersion, trainQueues, trainTasks } from "../../traintask/names.ts";
import { trainQueueRules, trainTaskRules } from "../../traintask/rules.ts";
import { queueCases, taskCases } from "./all.ts";
import { type Step, type Tree, forest } from "./step.ts";

/** An API server that has our CRDs, and a namespace for the tasks of the cases. */
export interface Door {
  readonly client: KubeClient;
  readonly namespace: string;
}

/**
 * The queue of tasks that name none: another operator's, which is not there. On a real cluster a release may be
 * installed, whose operator would write to them meanwhile.
 */
const elsewhere = { name: "of-another-operator", controllerName: "traintask.dev/nobody" };
const untouched = (resource: Resource, spec: unknown): unknown =>
  resource === trainTasks ? { queue: elsewhere.name, ...(spec as Tree) } : spec;

async function makeQueue({ client }: Door): Promise<void> {
  const { name, controllerName } = elsewhere;
  const object = { apiVersion, kind: trainQueues.kind, metadata: { name }, spec: { controllerName } };
  await client.create(trainQueues, object as KubeObject).catch((error: unknown) => {
    if (!(error instanceof AlreadyExistsError)) throw error;
  });
}

/** Where a change begins from something that is refused already, it cannot even be tried. */
const notEvenBegun = "not supported yet";

/** Sends the step and takes its traces away. Answers what the API server said against it, "" if nothing. */
async function refusal(door: Door, resource: Resource, step: Step): Promise<string> {
  const { from, to } = "to" in step ? step : { from: undefined, to: step.object };
  const { name } = to.metadata as { name: string };
  try {
    if (from === undefined) return await said(put(door, resource, to));
    const begun = await said(put(door, resource, from));
    if (begun !== "") return begun.includes(notEvenBegun) ? notEvenBegun : `before the change: ${begun}`;
    if ("status" in to) return await said(putStatus(door, resource, to));
    return await said(update(door, resource, { name, spec: untouched(resource, to.spec) }));
  } finally {
    await door.client.delete(resource, key(door, resource, name)).catch(() => undefined);
  }
}

/** An operator may write the status of a queue in between. */
async function update(door: Door, resource: Resource, to: { name: string; spec: unknown }): Promise<KubeObject> {
  for (let repetition = 0; ; repetition += 1) {
    const stored = await door.client.get(resource, key(door, resource, to.name));
    try {
      return await door.client.update(resource, { ...stored, spec: to.spec } as KubeObject);
    } catch (error) {
      if (!(error instanceof ConflictError) || repetition === 10) throw error;
    }
  }
}

function key({ namespace }: Door, resource: Resource, name: string): ObjectKey {
  return { name, ...(resource.namespaced ? { namespace } : {}) };
}

/** The messages of an answer 422; anything else that goes wrong is thrown. */
async function said(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "";
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    return error.status.details?.causes?.map(({ message }) => message).join("\n") ?? error.message;
  }
}

/** Status is a part of its own: it is written after the object. */
async function put(door: Door, resource: Resource, object: Tree): Promise<KubeObject> {
  const metadata = key(door, resource, (object.metadata as { name: string }).name);
  const stored = await door.client.create(resource, {
    apiVersion,
    kind: resource.kind,
    metadata,
    spec: untouched(resource, object.spec),
  } as KubeObject);
  return object.status === undefined ? stored : putStatus(door, resource, object);
}

function putStatus(door: Door, resource: Resource, object: Tree): Promise<KubeObject> {
  const { name } = object.metadata as { name: string };
  const body = [{ op: "add", path: "/status", value: object.status }];
  return door.client.patchStatus(resource, key(door, resource, name), { type: "json", body });
}

const resources = [
  { resource: trainTasks, cases: taskCases, rules: [...trainTaskRules, ...trainTaskLater] },
  { resource: trainQueues, cases: queueCases, rules: [...trainQueueRules, ...trainQueueLater] },
];

/** @param door there once the tests run */
export function admissionCases(door: () => Door): void {
  beforeAll(() => makeQueue(door()));

  describe.each(resources)("the API server, of a $resource.kind", ({ resource, cases, rules }) => {
    test.each(rules)("holds the rule: $name", async (rule) => {
      const { bad, good } = cases[rule.name]!;
      for (const step of bad) {
        const answer = await refusal(door(), resource, step);
        if (answer === notEvenBegun) continue;
        expect(answer, JSON.stringify(step).slice(0, 500)).toContain(rule.message);
      }
      for (const step of good) {
        expect(await refusal(door(), resource, step), JSON.stringify(step).slice(0, 500)).not.toContain(rule.message);
      }
    });
  });

  describe("a merge patch with null", () => {
    const iris = (): ObjectKey => key(door(), trainTasks, "iris");
    const cases: Record<string, { spec: Tree; patch: Tree; message: string }> = {
      "cannot take cancel back": {
        spec: { cancel: true },
        patch: { cancel: null },
        message: "cancel cannot be taken back",
      },
      "cannot remove the dataset": { spec: {}, patch: { dataset: null }, message: "dataset is immutable" },
      "cannot remove a part of the dataset": {
        spec: {},
        patch: { dataset: { target: null } },
        message: "dataset is immutable",
      },
      "cannot remove the seed": { spec: { seed: 5 }, patch: { seed: null }, message: "seed is immutable" },
      "cannot remove a part of the trainer": {
        spec: { trainer: { randomForest: { nEstimators: 5 } } },
        patch: { trainer: { randomForest: { nEstimators: null } } },
        message: "trainer is immutable",
      },
      "cannot exchange the trainer": {
        spec: {},
        patch: { trainer: { randomForest: null, container: { image: "python:3" } } },
        message: "trainer is immutable",
      },
    };

    test.each(Object.entries(cases))("%s", async (_name, { spec, patch, message }) => {
      const before = await put(door(), trainTasks, { metadata: { name: "iris" }, spec: { ...forest, ...spec } });
      await expect(door().client.patch(trainTasks, iris(), { body: { spec: patch } })).rejects.toThrow(message);
      expect(await door().client.get(trainTasks, iris())).toEqual(before);
      await door().client.delete(trainTasks, iris());
    });

    test("cannot take the end of a finished task back, nor its whole status", async () => {
      const conditions = [
        { type: "Failed", status: "True", reason: "BadData", lastTransitionTime: "2026-01-02T03:04:05Z" },
      ];
      const status = { state: "Failed", completionTime: "2026-01-02T03:04:05Z", conditions };
      await put(door(), trainTasks, { metadata: { name: "iris" }, spec: forest, status });
      for (const body of [
        { status: null },
        { status: { conditions: null } },
        { status: { state: null } },
        { status: { completionTime: null } },
      ]) {
        await expect(door().client.patchStatus(trainTasks, iris(), { body })).rejects.toThrow("finished is final");
      }
      // The API of a release may add where its log is meanwhile.
      expect(await door().client.get(trainTasks, iris())).toMatchObject({ status });
      await door().client.delete(trainTasks, iris());
    });
  });

  test("a new task reads back Queued, whatever status it was sent with, and a new queue with its defaults", async () => {
    const status = { state: "Succeeded" };
    const task = {
      apiVersion,
      kind: "TrainTask",
      metadata: { name: "new", namespace: door().namespace },
      spec: { ...forest, queue: elsewhere.name },
      status,
    };
    expect(await door().client.create(trainTasks, task as KubeObject)).toMatchObject({ status: { state: "Queued" } });
    const queue = { apiVersion, kind: "TrainQueue", metadata: { name: "new" } };
    expect(await door().client.create(trainQueues, queue)).toMatchObject({
      spec: { controllerName: "traintask.dev/operator", stopPolicy: "None" },
    });
    await door().client.delete(trainQueues, { name: "new" });
  });
}
