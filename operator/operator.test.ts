/** The plain life of a task: the operator against the local API server, in virtual time. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobs } from "../kube/objects.ts";
import type { Job } from "../kube/objects.ts";
import { jobName, labels } from "../traintask/names.ts";
import { sealed } from "../test/operator/pieces.ts";
import { createWorld } from "../test/operator/world.ts";
import type { World } from "../test/operator/world.ts";

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

test("a task is admitted, runs and completes with three writes and no reads", async () => {
  world.start();
  const task = await world.submit();
  const name = jobName(task.metadata, 1);
  await world.clock.advance(10);
  expect(world.job(name)).toBeDefined();
  await world.clock.advance(1000);
  world.scripted.ready(name);
  await world.clock.advance(1000);
  expect(world.task().status.state).toBe("Running");
  await world.clock.advance(60_000);
  await world.patchStatus(sealed);
  world.scripted.end(name, 0);
  await world.clock.advance(100);
  expect(world.task().status).toMatchObject({ state: "Succeeded", attempt: 1, jobName: name, ranSeconds: 61 });
  await world.clock.advance(10_000);
  expect(world.requests).toEqual([
    "POST /apis/batch/v1/namespaces/default/jobs",
    "PATCH /apis/traintask.dev/v1alpha1/namespaces/default/traintasks/iris/status",
    "PATCH /apis/traintask.dev/v1alpha1/namespaces/default/traintasks/iris/status",
  ]);
  expect(world.events()).toEqual([]);
});

test("Starting is written when no pod is ready two seconds after the Job was created, and not before", async () => {
  world.start();
  await world.submit();
  await world.clock.advance(1900);
  expect(world.task().status).toEqual({ state: "Queued" });
  await world.clock.advance(1000);
  expect(world.task().status).toMatchObject({ state: "Starting", attempt: 1 });
});

test("Finishing is written when the model is not sealed two seconds after the Job ended, and holds no slot", async () => {
  const { name } = await world.runningTask();
  world.scripted.end(name, 0);
  await world.clock.advance(1500);
  expect(world.task().status.state).toBe("Running");
  await world.clock.advance(1000);
  expect(world.task().status.state).toBe("Finishing");
  await world.submit({ metadata: { name: "second" } });
  await world.submit({ metadata: { name: "third" } });
  await world.clock.advance(100);
  expect(world.liveJobs()).toHaveLength(2);
  await world.patchStatus(sealed);
  await world.clock.advance(100);
  expect(world.task().status.state).toBe("Succeeded");
});

test("a finished task stays finished and gets no other Job when its Job is deleted", async () => {
  const { name } = await world.runningTask();
  await world.patchStatus(sealed);
  world.scripted.end(name, 0);
  await world.clock.advance(100);
  const before = world.task().status;
  await world.client.delete(jobs, { namespace: "default", name }, { propagationPolicy: "Foreground" });
  await world.clock.advance(3_600_000);
  expect(world.jobs()).toEqual([]);
  expect(world.task().status).toEqual(before);
  expect(world.created("Job")).toHaveLength(1);
});

test("a Job that nobody can read harms no task", async () => {
  world.start();
  const metadata = {
    name: "broken",
    namespace: "default",
    labels: { [labels.taskUid]: "x", [labels.attempt]: "first" },
  };
  const containers = [{ name: "trainer", image: "x" }];
  const template = { spec: { restartPolicy: "Never", containers } };
  world.registry.create<Job>(jobs, { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template } });
  const task = await world.submit();
  await world.clock.advance(100);
  expect(world.job(jobName(task.metadata, 1))).toBeDefined();
});

test("an operator that starts anew at any moment goes on where the last one was", async () => {
  const { name } = await world.runningTask();
  for (const step of [() => world.patchStatus(sealed), () => Promise.resolve(world.scripted.end(name, 0))]) {
    world.killOperators();
    await step();
    world.start();
    await world.clock.advance(100);
  }
  expect(world.task().status.state).toBe("Succeeded");
  expect(world.created("Job")).toHaveLength(1);
});

test("probes: ready while it acts or stands by, not while it fills its caches, and healthy while the API server is away", async () => {
  world.fate = ({ path }) => (path.includes("/pods") ? "lost before" : "answered");
  const first = world.start({ leaderElection: true });
  expect(first.health.unready()).toMatch(/lease/);
  await world.clock.advance(5000);
  expect(first.health.unready()).toMatch(/caches/);
  world.fate = () => "answered";
  const second = world.start({ leaderElection: true, identity: "operator-2" });
  await world.clock.advance(60_000);
  expect([first.health.unready(), second.health.unready()]).toEqual([undefined, undefined]);
  world.fate = () => "lost before";
  await world.clock.advance(600_000);
  expect([first.health.unhealthy(), second.health.unhealthy()]).toEqual([undefined, undefined]);
  expect(first.health.unready()).toMatch(/lease/);
  world.fate = () => "answered";
});
