/** Jobs and pods that somebody has made unreadable: they may be running, so nothing is run a second time. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobs, pods } from "../../kube/objects.ts";
import { jobName, labels, trainQueues } from "../../traintask/names.ts";
import { mostLiveJobs } from "./history.ts";
import { sealed } from "./pieces.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

const label = async (name: string, change: Record<string, string | null>): Promise<void> => {
  await world.client.patch(jobs, { namespace: "default", name }, { body: { metadata: { labels: change } } });
};
const message = (): string | undefined =>
  world.task().status.conditions?.find(({ type }) => type === "Running")?.message;

const spoiled: Readonly<Record<string, { change: Record<string, string | null>; because: RegExp }>> = {
  "whose attempt is no number": { change: { [labels.attempt]: "first" }, because: /attempt.*not an attempt: first/ },
  "that names another task": { change: { [labels.taskUid]: "another" }, because: /names a task that does not own it/ },
  "that is not watched any more": { change: { [labels.taskUid]: null }, because: /has lost its label/ },
};

for (const [name, { change, because }] of Object.entries(spoiled)) {
  test(`a running Job ${name} is not taken for one that vanished: it goes on, alone, and the task says what is wrong`, async () => {
    const { name: job } = await world.runningTask();
    await label(job, change);
    await world.clock.advance(300_000);
    expect(world.created("Job")).toHaveLength(1);
    expect(world.registry.list(pods)[0]?.metadata?.deletionTimestamp).toBeUndefined();
    expect(world.task().status).toMatchObject({ state: "Running", attempt: 1 });
    expect(world.reason("Running")).toBe("Unreadable");
    expect(message()).toMatch(because);
    expect(world.events().map(({ reason }) => reason)).toEqual(["Unreadable"]);
  });

  test(`a Job ${name} is followed to its end once it is mended`, async () => {
    const { name: job, task } = await world.runningTask();
    await label(job, change);
    await world.clock.advance(60_000);
    await label(job, { [labels.attempt]: "1", [labels.taskUid]: task.metadata.uid });
    await world.clock.advance(5000);
    expect(world.reason("Running")).toBe("PodsReady");
    await world.patchStatus(sealed);
    world.scripted.end(job, 0);
    await world.clock.advance(5000);
    expect(world.task().status).toMatchObject({ state: "Succeeded", ranSeconds: 66 });
  });

  test(`a Job ${name} that is deleted is followed by the next attempt`, async () => {
    const { name: job, task } = await world.runningTask();
    await label(job, change);
    await world.clock.advance(60_000);
    await world.client.delete(jobs, { namespace: "default", name: job }, { propagationPolicy: "Foreground" });
    await world.clock.advance(10_000);
    expect(world.liveJobs().map(({ metadata }) => metadata?.name)).toEqual([jobName(task.metadata, 2)]);
    expect(world.reason("Running")).not.toBe("Unreadable");
  });

  test(`a Job ${name} is not run a second time by an operator that has just started`, async () => {
    const { name: job } = await world.runningTask();
    world.killOperators();
    await label(job, change);
    world.start();
    await world.clock.advance(60_000);
    expect(world.created("Job")).toHaveLength(1);
    expect(world.task().status.state).toBe("Running");
  });
}

test("a Job that turns unreadable before anything of it is on record is not created again either", async () => {
  world.start();
  const task = await world.submit();
  await world.clock.advance(100);
  await label(jobName(task.metadata, 1), { [labels.attempt]: "first" });
  await world.clock.advance(60_000);
  expect(world.created("Job")).toHaveLength(1);
  expect(world.reason("Running")).toBe("Unreadable");
});

test("an unreadable Job holds its slot", async () => {
  await world.client.patch(trainQueues, { name: "default" }, { body: { spec: { maxRunning: 1 } } });
  world.scripted.makesPods = false;
  world.start();
  const task = await world.submit();
  await world.clock.advance(100);
  await label(jobName(task.metadata, 1), { [labels.attempt]: "first" });
  await world.submit({ metadata: { name: "second" } });
  await world.clock.advance(60_000);
  expect(mostLiveJobs(world.history)).toBe(1);
});

test("an unreadable pod is waited for before the next attempt", async () => {
  const { name, task } = await world.runningTask();
  world.scripted.endsDeletedPods = false;
  const pod = { namespace: "default", name: `${name}-pod` };
  await world.client.patch(pods, pod, { body: { metadata: { labels: { [labels.attempt]: "0" } } } });
  await world.client.delete(jobs, { namespace: "default", name }, { propagationPolicy: "Orphan" });
  await world.clock.advance(60_000);
  expect(world.liveJobs()).toEqual([]);
  expect(message()).toMatch(/^Pod .* cannot be read/);
  world.registry.delete(pods, pod, { gracePeriodSeconds: 0 });
  await world.clock.advance(10_000);
  expect(world.liveJobs().map(({ metadata }) => metadata?.name)).toEqual([jobName(task.metadata, 2)]);
});

test("a pod that bears the labels of a task in another namespace is none of that task's", async () => {
  const { name } = await world.runningTask();
  const { labels: marks = {} } = world.registry.list(pods)[0]?.metadata ?? {};
  const containers = [{ name: "trainer", image: "x" }];
  const metadata = { name: "impostor", namespace: "kube-system", labels: marks };
  world.registry.create(pods, { apiVersion: "v1", kind: "Pod", metadata, spec: { containers } });
  await world.client.delete(jobs, { namespace: "default", name }, { propagationPolicy: "Background" });
  await world.clock.advance(10_000);
  expect(world.registry.list(pods).map((pod) => pod.metadata?.name)).toContain("impostor");
  expect(world.created("Job")).toHaveLength(2);
  expect(world.registry.get(pods, metadata)?.metadata?.deletionTimestamp).toBeUndefined();
});
