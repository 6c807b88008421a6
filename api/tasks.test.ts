import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, endTask, startPod } from "../test/api/pod.ts";
import { startStack, until } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";
import { jobs } from "../kube/objects.ts";
import { annotations, trainTasks } from "../traintask/names.ts";
import { parseYaml } from "./yaml-text.ts";

const spec = {
  trainer: { randomForest: { nEstimators: 5 } },
  dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
} as const;
const yaml = { "content-type": "application/yaml" };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ settings: { containerToken: "printed-at-the-start" } });
});
afterAll(async () => {
  await stack.close();
});

const names = async (query: string): Promise<unknown[]> =>
  ((await stack.call(`GET /v1/tasks?${query}`)).at("/items") as { metadata: { name: string } }[]).map(
    (one) => one.metadata.name,
  );

describe("POST /v1/tasks", () => {
  it("answers 201 with the stored resource, defaults applied, its address and links", async () => {
    const answer = await stack.call("POST /v1/tasks", { body: { metadata: { name: "made" }, spec } });
    expect(answer.status).toBe(201);
    expect(answer.at("/links/self")).toBe(`${stack.api.url}/v1/tasks/made`);
    expect(answer.headers["location"]).toBe(answer.at("/links/self"));
    expect(answer.at("/status/state")).toBe("Queued");
    expect(answer.at("/spec/queue")).toBe("default");
    expect((await stack.client.get(trainTasks, { namespace: "default", name: "made" })).metadata?.uid).toBe(
      answer.at("/metadata/uid"),
    );
  });

  it("takes a task file as kubectl takes it, and answers YAML to those who ask for it", async () => {
    const file = `apiVersion: traintask.dev/v1alpha1\nkind: TrainTask\nmetadata:\n  name: filed\nspec: ${JSON.stringify(spec)}\n`;
    const answer = await stack.call("POST /v1/tasks", { headers: { ...yaml, accept: "application/yaml" }, body: file });
    expect(answer.status).toBe(201);
    expect(answer.headers["content-type"]).toMatch("application/yaml");
    expect(parseYaml(answer.text)).toMatchObject({ metadata: { name: "filed" }, spec });
  });

  it("makes a name when there is none, and one with a prefix from generateName", async () => {
    expect((await stack.call("POST /v1/tasks", { body: { spec } })).at("/metadata/name")).toMatch(/^task-.{5,}$/);
    const generated = await stack.call("POST /v1/tasks", { body: { metadata: { generateName: "iris-" }, spec } });
    expect(generated.at("/metadata/name")).toMatch(/^iris-.{5,}$/);
  });

  it("answers 409 when there is a task of that name", async () => {
    await stack.call("POST /v1/tasks", { body: { metadata: { name: "twin" }, spec } });
    expect((await stack.call("POST /v1/tasks", { body: { metadata: { name: "twin" }, spec } })).status).toBe(409);
  });

  it("asks for the token before a container may run its command on this machine", async () => {
    const body = { metadata: { name: "command" }, spec: { trainer: { container: { image: "busybox" } } } };
    const refused = await stack.call("POST /v1/tasks", { body });
    expect([refused.status, refused.at("/errors/0/pointer")]).toEqual([403, "/spec/trainer/container"]);
    const wrong = await stack.call("POST /v1/tasks", { body, headers: { authorization: "Bearer another" } });
    expect(wrong.status).toBe(403);
    const headers = { authorization: "Bearer printed-at-the-start" };
    expect((await stack.call("POST /v1/tasks", { body, headers })).status).toBe(201);
  });
});

describe("an Idempotency-Key", () => {
  const send = (key: string, metadata: object, seed = 1) =>
    stack.call("POST /v1/tasks", { headers: { "idempotency-key": key }, body: { metadata, spec: { ...spec, seed } } });

  it("finds the first answer again with the same body", async () => {
    const first = await send("k1", {});
    const again = await send("k1", {});
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.at("/metadata/uid")).toBe(first.at("/metadata/uid"));
    expect(first.at(`/metadata/annotations/${annotations.requestDigest.replace("/", "~1")}`)).toMatch(/^[0-9a-f]{64}$/);
  });
  it("makes one task of many requests at once", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => send("k2", {})));
    expect(new Set(answers.map((one) => one.at("/metadata/uid"))).size).toBe(1);
  });
  it("is a 422 with another body", async () => {
    await send("k3", {}, 1);
    const other = await send("k3", {}, 2);
    expect([other.status, other.at("/errors/0/header")]).toEqual([422, "idempotency-key"]);
  });
  it("makes another task under another key", async () => {
    expect((await send("k4", {})).at("/metadata/uid")).not.toBe((await send("k5", {})).at("/metadata/uid"));
  });
  it("keeps a name, and a prefix, that the body gives", async () => {
    expect((await send("k6", { name: "named" })).at("/metadata/name")).toBe("named");
    expect((await send("k6", { name: "named" })).status).toBe(201);
    expect((await send("k7", { generateName: "pre-" })).at("/metadata/name")).toMatch(/^pre-[0-9a-f]{20}$/);
  });
  it("does not take over a task that was made without one", async () => {
    await stack.call("POST /v1/tasks", { body: { metadata: { name: "earlier" }, spec } });
    expect((await send("k8", { name: "earlier" })).status).toBe(409);
  });
});

describe("the Flask program's calls", () => {
  it("answer its texts; N counts pods that are ready, not tasks that were sent", async () => {
    const count = async (): Promise<string> => (await stack.call("GET /RunningTaskCount")).text;
    expect((await stack.call("GET /AddTask")).text).toBe("Success");
    expect(await count()).toBe("We have 0 running tasks.");
    const [name] = await names("labelSelector=");
    expect(name).toMatch(/^addtask-/);
    expect((await stack.call(`GET /v1/tasks/${String(name)}`)).at("/spec")).toMatchObject({
      trainer: { search: { generations: 10, populationSize: 20, scoring: "neg_mean_squared_error" } },
      dataset: { synthetic: { kind: "uniform", rows: 50, columns: 2 }, problemType: "regression", testFraction: "0" },
      seed: 42,
    });
    const task = await createTask(stack, "counted");
    const { job } = await startPod(stack, task);
    await until(async () => (await stack.call("GET /v1/counts")).at("/starting") === 1);
    expect(await count()).toBe("We have 0 running tasks.");
    const key = { namespace: "default", name: job.metadata?.name ?? "" };
    await stack.client.patchStatus(jobs, key, { body: { status: { active: 1, ready: 1 } } });
    await until(async () => (await count()) === "We have 1 running tasks.");
    expect((await stack.call("GET /v1/tasks/counted")).at("/status/state")).toBe("Running");
    expect(await names("state=Running")).toEqual(["counted"]);
    await endTask(stack, task, { type: "Complete", reason: "Trained" });
    await until(async () => (await count()) === "We have 0 running tasks.");
  });
});

describe("GET /v1/tasks", () => {
  it("lists by name, page by page, and every page says whether there is another", async () => {
    for (const name of ["p3", "p1", "p2"])
      await stack.call("POST /v1/tasks", { body: { metadata: { name, labels: { page: "yes" } }, spec } });
    await until(async () => (await names("labelSelector=page%3Dyes")).length === 3);
    const first = await stack.call("GET /v1/tasks?labelSelector=page&limit=2");
    expect(first.at("/metadata/remainingItemCount")).toBe(1);
    const next = String(first.at("/metadata/continue"));
    expect([first.at("/items/0/metadata/name"), first.at("/items/1/metadata/name")]).toEqual(["p1", "p2"]);
    expect(await names(`labelSelector=page&limit=2&continue=${next}`)).toEqual(["p3"]);
  });

  it("filters by queue, and tells places in the queue", async () => {
    for (const [name, priority] of [
      ["q1", 0],
      ["q2", 5],
    ] as const)
      await stack.call("POST /v1/tasks", { body: { metadata: { name }, spec: { ...spec, queue: "other", priority } } });
    await until(async () => (await names("queue=other")).length === 2);
    expect((await stack.call("GET /v1/tasks/q2")).at("/status/queue/position")).toBe(1);
    expect((await stack.call("GET /v1/tasks/q1")).at("/status/queue/position")).toBe(2);
  });

  it("leaves long inline tables out, which the task itself has", async () => {
    const csv = `a,b\n${"1,2\n".repeat(500)}`;
    const body = {
      metadata: { name: "table", labels: { table: "yes" } },
      spec: { ...spec, dataset: { csv, target: "b" } },
    };
    await stack.call("POST /v1/tasks", { body });
    await until(async () => (await names("labelSelector=table")).length === 1);
    expect((await stack.call("GET /v1/tasks?labelSelector=table")).at("/items/0/spec/dataset")).toEqual({
      target: "b",
      testFraction: "0",
    });
    expect((await stack.call("GET /v1/tasks/table")).at("/spec/dataset/csv")).toBe(csv);
  });

  it("shows one namespace", async () => {
    expect(await names("namespace=elsewhere")).toEqual([]);
  });
});

describe("GET /v1/counts", () => {
  it("adds up to the tasks there are, as of one moment", async () => {
    const counts = await stack.call("GET /v1/counts");
    const { total, resourceVersions: _, asOf: __, ...states } = JSON.parse(counts.text) as Record<string, number>;
    expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(total);
    expect((await stack.client.list(trainTasks)).items).toHaveLength(total ?? -1);
    expect(counts.at("/resourceVersions/tasks")).toMatch(/^\d+$/);
  });
});

describe("PATCH, cancel, suspend, resume and DELETE", () => {
  it("PATCH changes the spec by a merge patch, and the API server's verdict comes through", async () => {
    await createTask(stack, "patched");
    const changed = await stack.call("PATCH /v1/tasks/patched", { body: { spec: { priority: 7 } } });
    expect([changed.status, changed.at("/spec/priority")]).toEqual([200, 7]);
    const refused = await stack.call("PATCH /v1/tasks/patched", { body: { spec: { seed: 9 } } });
    expect([refused.status, refused.at("/errors/0/pointer")]).toEqual([422, "/spec/seed"]);
    expect(
      (await stack.call("PATCH /v1/tasks/patched", { headers: yaml, body: "spec: {priority: 8}\n" })).at(
        "/spec/priority",
      ),
    ).toBe(8);
  });

  it("suspend and resume can be repeated", async () => {
    await createTask(stack, "paused");
    for (const call of ["suspend", "suspend"])
      expect((await stack.call(`POST /v1/tasks/paused/${call}`)).at("/spec/suspend")).toBe(true);
    expect((await stack.call("GET /v1/tasks/paused")).at("/status/state")).toBe("Suspended");
    for (const call of ["resume", "resume"])
      expect((await stack.call(`POST /v1/tasks/paused/${call}`)).at("/spec/suspend")).toBe(false);
  });

  it("cancel can be repeated, also after the end, when the other two are refused", async () => {
    const task = await createTask(stack, "stopped");
    expect((await stack.call("POST /v1/tasks/stopped/cancel")).at("/spec/cancel")).toBe(true);
    const { resourceVersion } =
      (await stack.client.get(trainTasks, { namespace: "default", name: "stopped" })).metadata ?? {};
    expect((await stack.call("POST /v1/tasks/stopped/cancel")).at("/metadata/resourceVersion")).toBe(resourceVersion);
    await endTask(stack, task, { type: "Failed", reason: "Cancelled" });
    expect((await stack.call("POST /v1/tasks/stopped/cancel")).at("/status/state")).toBe("Cancelled");
    expect((await stack.call("POST /v1/tasks/stopped/suspend")).status).toBe(409);
    expect((await stack.call("POST /v1/tasks/stopped/resume")).status).toBe(409);
  });

  it("DELETE removes the task", async () => {
    await createTask(stack, "leaving");
    expect((await stack.call("DELETE /v1/tasks/leaving")).status).toBe(204);
    expect((await stack.call("GET /v1/tasks/leaving")).status).toBe(404);
    expect((await stack.call("DELETE /v1/tasks/leaving")).status).toBe(404);
  });

  it("each is a 404 for a task that is not there", async () => {
    for (const call of ["POST /v1/tasks/no/cancel", "POST /v1/tasks/no/suspend", "POST /v1/tasks/no/resume"])
      expect((await stack.call(call)).status).toBe(404);
    expect((await stack.call("PATCH /v1/tasks/no", { body: { spec: {} } })).status).toBe(404);
  });
});

describe("GET /AddTask with a template that has a name", () => {
  it("can be called again and again: the name becomes the beginning of one", async () => {
    const other = await startStack({
      settings: { addTask: { metadata: { name: "flask", labels: { from: "flask" } }, spec } },
    });
    try {
      for (let i = 0; i < 2; i++) expect((await other.call("GET /AddTask")).text).toBe("Success");
      const { items } = await other.client.list(trainTasks, { labelSelector: "from=flask" });
      expect(items.map(({ metadata }) => metadata?.name?.slice(0, 6))).toEqual(["flask-", "flask-"]);
    } finally {
      await other.close();
    }
  });
});
