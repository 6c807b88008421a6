/**
 * Every door leads to the API server, and it refuses what the rules forbid: each forbidden create, update and status
 * write is sent to it through the client, with the CRDs from the chart.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KubeClient } from "../kube/client.ts";
import { InvalidError } from "../kube/errors.ts";
import { silentLog } from "../kube/log.ts";
import type { KubeObject, ObjectKey, Resource } from "../kube/objects.ts";
import { restClient } from "../kube/rest-client.ts";
import { virtualClock } from "../kube/virtual-clock.ts";
import { type ApiServer, createApiServer } from "../local/apiserver/server.ts";
import { trainQueueLater, trainTaskLater } from "../traintask/later.ts";
import { apiVersion, trainQueues, trainTasks } from "../traintask/names.ts";
import { trainQueueRules, trainTaskRules } from "../traintask/rules.ts";
import { queueCases, taskCases } from "./rule-cases/all.ts";
import { type Step, type Tree, forest } from "./rule-cases/step.ts";

const crds = path.resolve(import.meta.dirname, "../deploy/helm/traintask/crds");

let server: ApiServer;
let client: KubeClient;
beforeAll(() => {
  server = createApiServer({
    databasePath: ":memory:",
    clock: virtualClock(),
    log: silentLog,
    crds: ["traintasks.yaml", "trainqueues.yaml"].map((file) => readFileSync(path.join(crds, file), "utf8")),
  });
  client = restClient({ send: (request) => server.handle(request), close: () => Promise.resolve() });
});
afterAll(() => server.close());

/** Where a change begins from something that is refused already, it cannot even be tried. */
const notEvenBegun = "not supported yet";

/** Sends the step and takes its traces away. Answers what the API server said against it, "" if nothing. */
async function refusal(resource: Resource, step: Step): Promise<string> {
  const { from, to } = "to" in step ? step : { from: undefined, to: step.object };
  const { name } = to.metadata as { name: string };
  try {
    if (from === undefined) return await said(put(resource, to));
    const begun = await said(put(resource, from));
    if (begun !== "") return begun.includes(notEvenBegun) ? notEvenBegun : `before the change: ${begun}`;
    if ("status" in to) return await said(putStatus(resource, to));
    const stored = await client.get(resource, key(resource, name));
    return await said(client.update(resource, { ...stored, spec: to.spec } as KubeObject));
  } finally {
    await client.delete(resource, key(resource, name)).catch(() => undefined);
  }
}

function key(resource: Resource, name: string): ObjectKey {
  return { name, ...(resource.namespaced ? { namespace: "default" } : {}) };
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
async function put(resource: Resource, object: Tree): Promise<KubeObject> {
  const metadata = key(resource, (object.metadata as { name: string }).name);
  const stored = await client.create(resource, {
    apiVersion,
    kind: resource.kind,
    metadata,
    spec: object.spec,
  } as KubeObject);
  return object.status === undefined ? stored : putStatus(resource, object);
}

function putStatus(resource: Resource, object: Tree): Promise<KubeObject> {
  const { name } = object.metadata as { name: string };
  const body = [{ op: "add", path: "/status", value: object.status }];
  return client.patchStatus(resource, key(resource, name), { type: "json", body });
}

const resources = [
  { resource: trainTasks, cases: taskCases, rules: [...trainTaskRules, ...trainTaskLater] },
  { resource: trainQueues, cases: queueCases, rules: [...trainQueueRules, ...trainQueueLater] },
];

describe.each(resources)("the API server, of a $resource.kind", ({ resource, cases, rules }) => {
  test.each(rules)("holds the rule: $name", async (rule) => {
    const { bad, good } = cases[rule.name]!;
    for (const step of bad) {
      const answer = await refusal(resource, step);
      if (answer === notEvenBegun) continue;
      expect(answer, JSON.stringify(step).slice(0, 500)).toContain(rule.message);
    }
    for (const step of good) {
      expect(await refusal(resource, step), JSON.stringify(step).slice(0, 500)).not.toContain(rule.message);
    }
  });
});

describe("a merge patch with null", () => {
  const iris = key(trainTasks, "iris");
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
    const before = await put(trainTasks, { metadata: { name: "iris" }, spec: { ...forest, ...spec } });
    await expect(client.patch(trainTasks, iris, { body: { spec: patch } })).rejects.toThrow(message);
    expect(await client.get(trainTasks, iris)).toEqual(before);
    await client.delete(trainTasks, iris);
  });

  test("cannot take the end of a finished task back, nor its whole status", async () => {
    const conditions = [
      { type: "Failed", status: "True", reason: "BadData", lastTransitionTime: "2026-01-02T03:04:05Z" },
    ];
    const status = { state: "Failed", completionTime: "2026-01-02T03:04:05Z", conditions };
    const before = await put(trainTasks, { metadata: { name: "iris" }, spec: forest, status });
    for (const body of [
      { status: null },
      { status: { conditions: null } },
      { status: { state: null } },
      { status: { completionTime: null } },
    ]) {
      await expect(client.patchStatus(trainTasks, iris, { body })).rejects.toThrow("finished is final");
    }
    expect(await client.get(trainTasks, iris)).toEqual(before);
    await client.delete(trainTasks, iris);
  });
});

test("a new task reads back Queued, whatever status it was sent with, and a new queue with its defaults", async () => {
  const status = { state: "Succeeded" };
  const task = { apiVersion, kind: "TrainTask", metadata: { name: "new", namespace: "default" }, spec: forest, status };
  expect(await client.create(trainTasks, task as KubeObject)).toMatchObject({ status: { state: "Queued" } });
  const queue = { apiVersion, kind: "TrainQueue", metadata: { name: "new" } };
  expect(await client.create(trainQueues, queue)).toMatchObject({
    spec: { controllerName: "traintask.dev/operator", stopPolicy: "None" },
  });
});
