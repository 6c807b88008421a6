/** What a task waits for, and how it says so, against the local API server in virtual time. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { events, pods } from "../../kube/objects.ts";
import type { Event, Pod } from "../../kube/objects.ts";
import { annotations, jobName, trainQueues } from "../../traintask/names.ts";
import { aQueueNamed, aRefusalOf, sealed } from "./pieces.ts";
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

test("a volume that cannot be mounted is explained by the pod's Events", async () => {
  world.start();
  const volumes = [{ mountPath: "/keys", secret: { secretName: "traintask-keys" } }];
  const trainer = { randomForest: undefined, container: { image: "x", volumes } };
  await world.submit({ spec: { trainer, dataset: undefined } as never });
  await world.clock.advance(100);
  const [pod] = world.registry.list<Pod>(pods);
  const waiting = { reason: "ContainerCreating" };
  const containerStatuses = [
    { name: "trainer", ready: false, image: "", imageID: "", restartCount: 0, state: { waiting } },
  ];
  world.registry.updateStatus<Pod>(pods, { ...pod, status: { phase: "Pending", containerStatuses } });
  const message = 'MountVolume.SetUp failed for volume "volume-0" : secret "traintask-keys" not found';
  world.registry.create<Event>(events, { ...aRefusalOf(pod, message), reason: "FailedMount" });
  await world.clock.advance(10_000);
  expect(world.reason("Running")).toBe("ContainerConfigError");
  expect(world.task().status.conditions?.find(({ type }) => type === "Running")?.message).toMatch(
    /^MountVolume.SetUp failed for volume \/keys : secret "traintask-keys" not found\. Make the secret/,
  );
});

test("places in the queue are stored for those that wait, at most every ten seconds, and go with the waiting", async () => {
  await world.client.patch(trainQueues, { name: "default" }, { body: { spec: { maxRunning: 1 } } });
  const { name } = await world.runningTask();
  for (const waiting of ["second", "third"]) {
    await world.submit({ metadata: { name: waiting } });
    await world.clock.advance(1000);
  }
  await world.clock.advance(11_000);
  const position = (of: string) => world.task(of).status.queue?.position;
  expect([position("second"), position("third")]).toEqual([1, 2]);
  expect(world.reason("Admitted", "second")).toBe("Waiting");
  const before = world.requests.length;
  await world.clock.advance(60_000);
  expect(world.requests).toHaveLength(before);
  await world.patchStatus(sealed);
  world.scripted.end(name, 0);
  await world.clock.advance(11_000);
  world.scripted.ready(jobName(world.task("second").metadata, 1));
  await world.clock.advance(100);
  expect([position("second"), position("third")]).toEqual([undefined, 1]);
});

test("only the first ten of a long queue have a stored place", async () => {
  await world.client.patch(trainQueues, { name: "default" }, { body: { spec: { maxRunning: 0 } } });
  world.start();
  for (let index = 0; index < 13; index++) await world.submit({ metadata: { name: `task-${index}` } });
  await world.clock.advance(60_000);
  const places = world.tasks().flatMap(({ status }) => status.queue?.position ?? []);
  expect(places.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a queue's status counts who waits and who holds a slot", async () => {
  await world.client.patch(trainQueues, { name: "default" }, { body: { spec: { maxRunning: 1 } } });
  await world.runningTask();
  for (const waiting of ["second", "third"]) await world.submit({ metadata: { name: waiting } });
  await world.clock.advance(30_000);
  expect(world.registry.get(trainQueues, { name: "default" })).toMatchObject({ status: { queued: 2, running: 1 } });
});

test("a table that is too long for the cache is read once, when the Job is built, and travels with the pod", async () => {
  world.start();
  const csv = `a,b\n${"1,2\n".repeat(1000)}`;
  const task = await world.submit({ spec: { dataset: { synthetic: undefined, csv, target: "b" } } });
  await world.clock.advance(1000);
  const pod = world.job(jobName(task.metadata, 1))?.spec?.template;
  expect(JSON.parse(pod?.metadata?.annotations?.[annotations.config] ?? "")).toMatchObject({ dataset: { csv } });
  expect(world.requests).toEqual([
    "GET /apis/traintask.dev/v1alpha1/namespaces/default/traintasks/iris",
    "POST /apis/batch/v1/namespaces/default/jobs",
  ]);
});
