/** Cancel, suspend and the deadline: the work so far is kept and can be used. */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pods } from "../../kube/objects.ts";
import { routes } from "../../traintask/contract.ts";
import { labels } from "../../traintask/names.ts";
import {
  clusterClient,
  endlessForest,
  getTask,
  longEnough,
  slowForest,
  startSystem,
  submit,
  type System,
  taskIn,
  until,
} from "./system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({ args: ["--max-running", "2"] });
});
afterAll(async () => {
  await system.stop();
});

const call = async (path: string, body?: object): Promise<Response> =>
  fetch(system.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
async function patchSpec(name: string, spec: object): Promise<void> {
  const { status } = await fetch(`${system.url}/v1/tasks/${name}`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ spec }),
  });
  expect(status).toBe(200);
}
/** Waits for its first tree. Answers false where the task was done before that was seen. */
const training = (name: string): Promise<boolean> =>
  until(`${name} has made progress`, async () => {
    const { status } = await getTask(system, name);
    if (status.state === "Succeeded") return false;
    const trees = status.trainerStatus?.metrics?.find((metric) => metric.name === "trees");
    return status.state === "Running" && Number(trees?.value) > 0 ? true : undefined;
  });
const sealed = (name: string): Promise<{ digest: string; partial: boolean }> =>
  until(`${name} has a sealed model`, async () => (await getTask(system, name)).status.model);
async function predicts(name: string): Promise<void> {
  const row = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`x${index + 1}`, 0.5]));
  const response = await call(`/v1/tasks/${name}/predict`, { rows: [row] });
  expect(response.status).toBe(200);
  const { predictions } = (await response.json()) as { predictions: { value: number }[] };
  expect(predictions[0]?.value).toBeGreaterThan(0);
}
const rows = 2000;
/** Suspends a task in mid-training; undefined where it was done first. */
async function suspendedAt(trees: number): Promise<{ trees: number; name: string } | undefined> {
  const name = `suspended-${trees}`;
  await submit(system, slowForest(name, { trees, rows }));
  if (!(await training(name))) return undefined;
  expect((await call(`/v1/tasks/${name}/suspend`)).status).toBeLessThan(300);
  const { status } = await taskIn(system, name, { states: ["Suspended", "Succeeded"] });
  return status.state === "Suspended" ? { trees, name } : undefined;
}
/** The token with which the task's one pod speaks to the API. */
async function tokenOfPod(name: string): Promise<string> {
  const cluster = clusterClient(system);
  const { items } = await cluster.client.list(pods, { labelSelector: `${labels.task}=${name}` });
  await cluster.close();
  expect(items).toHaveLength(1);
  const volumes = path.join(system.dataDir, "pods", items[0]?.metadata?.uid ?? "", "volumes");
  return readFileSync(globSync(path.join(volumes, "*", "token"))[0] ?? "", "utf8");
}
/** What the API answers a pod with this token that asks for its model, and then one that would end it. */
async function asPod(name: string, token: string): Promise<{ read: number; write: number }> {
  const place = { stream: "model", shard: 0 } as const;
  const key = { namespace: "default", name };
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" };
  const read = await fetch(system.url + routes.stream(key, { ...place, offset: 0 }), { headers });
  await read.body?.cancel();
  // A conflict even for a pod that may write: nothing stored is as long.
  const offset = 1 << 29;
  const write = await fetch(system.url + routes.stream(key, { ...place, offset, last: true }), {
    method: "PUT",
    headers: { ...headers, "content-digest": `sha-256=:${emptyDigest}:` },
  });
  return { read: read.status, write: write.status };
}
const emptyDigest = createHash("sha256").digest("base64");

describe("a task in mid-training", () => {
  it("leaves a partial model that predicts when it is cancelled", { timeout: 120_000 }, async () => {
    await submit(system, endlessForest("cancelled"));
    await training("cancelled");
    expect((await call("/v1/tasks/cancelled/cancel")).status).toBeLessThan(300);
    const task = await taskIn(system, "cancelled", { states: ["Cancelled"] });
    expect(task.status.failure?.class ?? "Cancelled").toBe("Cancelled");
    expect(await sealed("cancelled")).toMatchObject({ partial: true });
    await predicts("cancelled");
  });

  it("keeps its partial model and says so when it passes its deadline", { timeout: 120_000 }, async () => {
    await submit(system, endlessForest("late"));
    await training("late");
    // However slowly it got here, this is past its deadline or will be soon.
    await patchSpec("late", { activeDeadlineSeconds: 2 });
    const late = await taskIn(system, "late", { states: ["Failed"] });
    expect(late.status.failure).toMatchObject({ class: "DeadlineExceeded" });
    expect(await sealed("late")).toMatchObject({ partial: true });
    await predicts("late");
  });

  it("goes on where it was after it was suspended, to the same bytes", { timeout: 240_000 }, async () => {
    const { trees, name } = await longEnough(1000, suspendedAt);
    expect((await call(`/v1/tasks/${name}/resume`)).status).toBeLessThan(300);
    const done = await taskIn(system, name, { states: ["Succeeded"], withinMs: 200_000 });
    await submit(system, slowForest("undisturbed", { trees, rows }));
    const expected = (await taskIn(system, "undisturbed", { states: ["Succeeded"], withinMs: 200_000 })).status.model
      ?.digest;
    expect(done.status).toMatchObject({ attempt: 2, model: { digest: expected, partial: false } });
    const log = await (await fetch(`${system.url}/v1/tasks/${name}/logs?attempt=2`)).text();
    expect(log).toMatch(/Going on after [1-9][0-9]* trees of an earlier attempt/);
  });

  it("takes nothing from the pod of before once it goes on", { timeout: 120_000 }, async () => {
    await submit(system, endlessForest("resumed"));
    await training("resumed");
    const old = await tokenOfPod("resumed");
    expect(await asPod("resumed", old)).toEqual({ read: 200, write: 409 });
    await call("/v1/tasks/resumed/suspend");
    await taskIn(system, "resumed", { states: ["Suspended"] });
    await call("/v1/tasks/resumed/resume");
    await taskIn(system, "resumed", { states: ["Running"] });
    // 403 while the verdict on the pod is remembered, 401 once its token is looked at again.
    const { read, write } = await asPod("resumed", old);
    expect([401, 403]).toContain(read);
    expect([401, 403]).toContain(write);
    expect(await asPod("resumed", await tokenOfPod("resumed"))).toEqual({ read: 200, write: 409 });
    await call("/v1/tasks/resumed/cancel");
    await taskIn(system, "resumed", { states: ["Cancelled"] });
  });
});
