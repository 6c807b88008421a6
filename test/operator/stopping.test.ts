/** Cancelling, suspending and deadlines, against the local API server in virtual time. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Job } from "../../kube/objects.ts";
import { jobName, trainQueues } from "../../traintask/names.ts";
import { lastWords } from "./pieces.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

test("a cancelled task ends when its pod has saved its work and is gone, and is not tried again", async () => {
  world.scripted.endsDeletedPods = false;
  const { name } = await world.runningTask();
  await world.patch({ cancel: true });
  await world.clock.advance(5000);
  expect(world.task().status).toMatchObject({ state: "Running" });
  expect(world.job(name)?.metadata?.deletionTimestamp).toBeDefined();
  world.scripted.endPod(name, 143, { message: lastWords("0.97", world.clock.now()) });
  await world.clock.advance(100);
  expect(world.task().status).toMatchObject({ state: "Cancelled", score: "acc 0.97", failure: { class: "Cancelled" } });
  expect(world.created("Job")).toHaveLength(1);
});

test("a task that is cancelled before it was admitted ends at once", async () => {
  await world.client.patch(trainQueues, { name: "default" }, { body: { spec: { maxRunning: 0 } } });
  world.start();
  await world.submit();
  await world.clock.advance(100);
  await world.patch({ cancel: true });
  await world.clock.advance(100);
  expect(world.task().status.state).toBe("Cancelled");
  expect(world.created("Job")).toEqual([]);
});

test("a suspended task gives its slot back and goes on as the next attempt, which counts as no retry", async () => {
  const { name, task } = await world.runningTask();
  await world.clock.advance(9000);
  await world.patch({ suspend: true });
  await world.clock.advance(1000);
  expect(world.job(name)).toBeUndefined();
  expect(world.task().status).toMatchObject({ state: "Suspended", ranSeconds: 10 });
  await world.patch({ suspend: false });
  await world.clock.advance(1000);
  const next = jobName(task.metadata, 2);
  expect(world.job(next)?.spec?.backoffLimit).toBe(3);
  world.scripted.ready(next);
  await world.clock.advance(1000);
  expect(world.task().status).toMatchObject({ state: "Running", attempt: 2, jobName: next, ranSeconds: 10 });
  expect(world.task().status.retries ?? 0).toBe(0);
  expect(world.conditionStatus("Suspended")).toBe("False");
});

test("a resumed task is admitted also when the watch tells of the operator's write before the answer comes", async () => {
  const { task } = await world.runningTask();
  await world.patch({ suspend: true });
  await world.clock.advance(10_000);
  world.answerMs = ({ path }) => (path.includes("/traintasks/") ? 200 : 0);
  await world.patch({ suspend: false });
  await world.clock.advance(5000);
  expect(world.job(jobName(task.metadata, 2))).toBeDefined();
});

test("a task that is resumed while its Job is still going waits for that one to be gone", async () => {
  world.scripted.endsDeletedPods = false;
  const { name, task } = await world.runningTask();
  await world.patch({ suspend: true });
  await world.clock.advance(1000);
  await world.patch({ suspend: false });
  await world.clock.advance(30_000);
  expect(world.jobs()).toHaveLength(1);
  world.scripted.endsDeletedPods = true;
  world.scripted.endPod(name, 143);
  await world.clock.advance(1000);
  expect(world.jobs().map(({ metadata }) => metadata?.name)).toEqual([jobName(task.metadata, 2)]);
  expect(world.task().status.retries ?? 0).toBe(0);
});

test("a task that has run for activeDeadlineSeconds over two attempts is stopped and fails with that", async () => {
  const { task } = await world.runningTask({ spec: { activeDeadlineSeconds: 30 } });
  await world.clock.advance(19_000);
  await world.patch({ suspend: true });
  await world.clock.advance(60_000);
  await world.patch({ suspend: false });
  await world.clock.advance(1000);
  world.scripted.ready(jobName(task.metadata, 2));
  await world.clock.advance(9000);
  expect(world.task().status.state).toBe("Running");
  await world.clock.advance(3000);
  expect(world.task().status).toMatchObject({ state: "Failed", failure: { class: "DeadlineExceeded", attempt: 2 } });
  expect(world.created("Job").every((job) => (job as Job).spec?.activeDeadlineSeconds === undefined)).toBe(true);
});

test("a task no pod of which is ready in time fails with what held it up", async () => {
  world.start();
  const task = await world.submit({ spec: { preRunningDeadlineSeconds: 60 } });
  const name = jobName(task.metadata, 1);
  await world.clock.advance(100);
  const waiting = { reason: "ImagePullBackOff", message: "no such image" };
  world.scripted.pending(name, {
    containerStatuses: [{ name: "trainer", ready: false, image: "", imageID: "", restartCount: 0, state: { waiting } }],
  });
  await world.clock.advance(10_000);
  expect(world.reason("Running")).toBe("ImagePullFailed");
  await world.clock.advance(60_000);
  expect(world.task().status).toMatchObject({ state: "Failed", failure: { class: "ImagePullFailed" } });
  expect(world.task().status.failure?.message).toContain("no such image");
});
