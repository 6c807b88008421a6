/** The operator's metrics, told by an operator that works against the local API server. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { trainQueues } from "../traintask/names.ts";
import { aQueueNamed, statusAnswer } from "../test/operator/pieces.ts";
import { createWorld } from "../test/operator/world.ts";
import type { World } from "../test/operator/world.ts";
import { operatorMetrics } from "./metrics.ts";
import type { OperatorMetrics } from "./metrics.ts";

let world: World;
let metrics: OperatorMetrics;
beforeEach(() => {
  world = createWorld({ maxRunning: 1 });
  metrics = operatorMetrics();
});
afterEach(() => world.close());

/** The samples of one metric, by their labels: `queue="default"`. */
async function samples(name: string): Promise<Record<string, number>> {
  const text = await metrics.registry.metrics();
  const lines = text.split("\n").filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return Object.fromEntries(
    lines.map((line) => {
      const [, labels = "", value = ""] = /^[a-z_]+(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      return [labels, Number(value)];
    }),
  );
}

test("the queue's gauges and counters follow the admission", async () => {
  world.start({}, { observe: metrics.observe });
  for (const name of ["one", "two", "three"]) await world.submit({ metadata: { name } });
  await world.clock.advance(1000);
  expect(await samples("traintask_queue_waiting_tasks")).toEqual({ 'queue="default"': 2 });
  expect(await samples("traintask_queue_held_slots")).toEqual({ 'queue="default"': 1 });
  expect(await samples("traintask_queue_slots")).toEqual({ 'queue="default"': 1 });
  expect(await samples("traintask_operator_admissions_total")).toEqual({ 'queue="default"': 1 });
});

test("a queue that is gone has no gauges any more", async () => {
  world.registry.create(trainQueues, aQueueNamed("passing"));
  world.start({}, { observe: metrics.observe });
  await world.clock.advance(1000);
  expect(Object.keys(await samples("traintask_queue_slots"))).toContain('queue="passing"');
  world.registry.delete(trainQueues, { name: "passing" });
  await world.clock.advance(1000);
  expect(Object.keys(await samples("traintask_queue_slots"))).toEqual(['queue="default"']);
});

test("loops tell how often they worked, how long keys waited and how many wait, and failures are counted", async () => {
  world.fate = ({ method, path }) => (method === "POST" && path.includes("/jobs") ? "lost before" : "answered");
  world.start({}, { observe: metrics.observe });
  await world.submit();
  await world.clock.advance(1000);
  const counts = await samples("traintask_operator_reconcile_seconds_count");
  expect(counts['loop="tasks"']).toBeGreaterThan(0);
  expect(await samples("traintask_operator_work_wait_seconds_count")).toEqual(counts);
  expect((await samples("traintask_operator_retries_total"))['loop="queues"']).toBeGreaterThan(0);
  expect((await samples("traintask_operator_work_keys"))['loop="queues"']).toBe(1);
});

test("a Job that the API server does not want is counted as a refusal, by its kind", async () => {
  const refuse = statusAnswer(403, "Forbidden", "exceeded quota");
  world.fate = ({ method, path }) => (method === "POST" && path.includes("/jobs") ? refuse() : "answered");
  world.start({}, { observe: metrics.observe });
  await world.submit();
  await world.clock.advance(1000);
  expect(Object.keys(await samples("traintask_operator_refusals_total"))).toEqual(['queue="default",kind="quota"']);
});

test("only a leader has caches to tell of", async () => {
  expect(await samples("traintask_operator_leading")).toEqual({ "": 0 });
  expect(await samples("traintask_operator_cache_silence_seconds")).toEqual({});
  const operator = world.start({ leaderElection: true }, { observe: metrics.observe });
  await world.submit();
  await world.clock.advance(1000);
  expect(await samples("traintask_operator_leading")).toEqual({ "": 1 });
  expect(await samples("traintask_operator_cached_objects")).toEqual({
    'resource="traintasks"': 1,
    'resource="trainqueues"': 1,
    'resource="jobs"': 1,
    'resource="pods"': 1,
  });
  const [silence] = Object.values(await samples("traintask_operator_cache_silence_seconds"));
  expect(silence).toBeLessThan(60);
  await operator.stop();
  expect(await samples("traintask_operator_leading")).toEqual({ "": 0 });
  expect(await samples("traintask_operator_cached_objects")).toEqual({});
  expect(await samples("traintask_queue_slots")).toEqual({});
});

test("requests are counted by verb and code", async () => {
  metrics.request("patch", 409);
  metrics.request("watch", "none");
  expect(await samples("traintask_kubernetes_requests_total")).toEqual({
    'verb="patch",code="409"': 1,
    'verb="watch",code="none"': 1,
  });
});
