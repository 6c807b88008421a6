/** What a task waits for, and how it says so, against the local API server in virtual time. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { events } from "../../kube/objects.ts";
import type { Event } from "../../kube/objects.ts";
import { jobName, trainQueues } from "../../traintask/names.ts";
import { aQueueNamed, aRefusalOf } from "./pieces.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

test("a task that names no queue says so, and is admitted when the queue comes", async () => {
  world.start();
  await world.submit({ spec: { queue: "gpu" } });
  await world.clock.advance(100);
  expect(world.reason("Admitted")).toBe("QueueNotFound");
  expect(world.events().map((event) => event.reason)).toEqual(["QueueNotFound"]);
  await world.client.create(trainQueues, aQueueNamed("gpu"));
  await world.clock.advance(100);
  expect(world.jobs()).toHaveLength(1);
});

test("a task with Kueue's label waits and says why", async () => {
  world.start();
  await world.submit({ metadata: { labels: { "kueue.x-k8s.io/queue-name": "team" } } });
  await world.clock.advance(10_000);
  expect(world.reason("Admitted")).toBe("KueueNotSupported");
  expect(world.jobs()).toEqual([]);
});

test("pods that nobody may create are explained by the Job's Events", async () => {
  world.scripted.makesPods = false;
  world.start();
  const task = await world.submit();
  await world.clock.advance(100);
  const job = world.job(jobName(task.metadata, 1));
  world.registry.create<Event>(events, aRefusalOf(job, "exceeded quota: pods=0"));
  await world.clock.advance(10_000);
  expect(world.reason("Running")).toBe("PodsRefused");
  expect(world.task().status.conditions?.find(({ type }) => type === "Running")?.message).toContain("exceeded quota");
});
