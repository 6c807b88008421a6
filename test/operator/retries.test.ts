/** What follows an attempt that failed or vanished, against the local API server in virtual time. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobs, pods } from "../../kube/objects.ts";
import { jobName } from "../../traintask/names.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

test("bad data ends the task at once, with its message, and without a retry", async () => {
  const { name } = await world.runningTask();
  const failure = { class: "BadData", message: "row 7, column age: not a number" };
  world.scripted.end(name, 65, { message: JSON.stringify({ failure }) });
  await world.clock.advance(10_000);
  expect(world.task().status).toMatchObject({ state: "Failed", failure: { ...failure, exitCode: 65, attempt: 1 } });
  expect(world.created("Job")).toHaveLength(1);
  expect(world.events().map((event) => event.reason)).toEqual(["BadData"]);
});

test("out of memory is tried again with 1.5 times the memory, as long as backoffLimit has retries left", async () => {
  const { task } = await world.runningTask({ spec: { backoffLimit: 2 } });
  const limits: (string | undefined)[] = [];
  for (const attempt of [1, 2, 3]) {
    const name = jobName(task.metadata, attempt);
    limits.push(world.job(name)?.spec?.template.spec?.containers[0]?.resources?.limits?.["memory"]);
    world.scripted.ready(name);
    world.scripted.end(name, 137, { reason: "OOMKilled" });
    await world.clock.advance(3000);
  }
  expect(limits).toEqual(["1Gi", "1536Mi", "2304Mi"]);
  expect(world.task().status).toMatchObject({ state: "Failed", retries: 3, failure: { class: "OOMKilled" } });
  expect(world.created("Job")).toHaveLength(3);
});

test("a Job that somebody deletes is followed by another one, from what is stored", async () => {
  const { name, task } = await world.runningTask();
  await world.client.delete(jobs, { namespace: "default", name }, { propagationPolicy: "Background" });
  await world.clock.advance(3000);
  expect(world.jobs().map(({ metadata }) => metadata?.name)).toEqual([jobName(task.metadata, 2)]);
  expect(world.task().status).toMatchObject({ retries: 1, attempt: 2 });
});

test("pods that a deleted Job left behind are removed before the next attempt begins", async () => {
  const { name, task } = await world.runningTask();
  world.scripted.endsDeletedPods = false;
  await world.client.delete(jobs, { namespace: "default", name }, { propagationPolicy: "Orphan" });
  await world.clock.advance(30_000);
  expect(world.jobs()).toEqual([]);
  expect(world.registry.list(pods)[0]?.metadata?.deletionTimestamp).toBeDefined();
  world.registry.delete(pods, { namespace: "default", name: `${name}-pod` }, { gracePeriodSeconds: 0 });
  await world.clock.advance(3000);
  expect(world.jobs().map(({ metadata }) => metadata?.name)).toEqual([jobName(task.metadata, 2)]);
});
