/** Answers that are lost, writers that are late and caches that lag, against the local API server in virtual time. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { InvalidError } from "../../kube/errors.ts";
import { jobs } from "../../kube/objects.ts";
import type { TransportRequest } from "../../kube/transport.ts";
import { jobName, trainTasks } from "../../traintask/names.ts";
import { sealed } from "./pieces.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

const isStatusWrite = ({ method, path }: TransportRequest): boolean => method === "PATCH" && path.includes("/status");

for (const fate of ["lost before", "lost after"] as const) {
  test(`a status write whose request is ${fate} it was done is read back and ends as it should`, async () => {
    let lost = 0;
    world.fate = (request) => (isStatusWrite(request) && lost++ % 2 === 0 ? fate : "answered");
    const { name } = await world.runningTask();
    await world.clock.advance(5000);
    expect(world.task().status.state).toBe("Running");
    await world.patchStatus(sealed);
    world.scripted.end(name, 0);
    await world.clock.advance(5000);
    expect(world.task().status.state).toBe("Succeeded");
    expect(world.requests).toContain("GET /apis/traintask.dev/v1alpha1/namespaces/default/traintasks/iris");
    expect(world.created("Job")).toHaveLength(1);
  });
}

test("a task that ended gets no other Job, although neither the answer nor the cache has told that it ended", async () => {
  const { name } = await world.runningTask();
  await world.patchStatus(sealed);
  await world.clock.advance(100);
  let cut = false;
  world.fate = (request) => {
    if (isStatusWrite(request)) {
      cut = true;
      return "lost after";
    }
    return cut && request.path.includes("/traintasks") ? "lost before" : "answered";
  };
  world.scripted.end(name, 0);
  world.endWatches();
  await world.clock.advance(20);
  await world.client.delete(jobs, { namespace: "default", name }, { propagationPolicy: "Background" });
  await world.clock.advance(30_000);
  world.fate = () => "answered";
  await world.clock.advance(120_000);
  expect(world.task().status.state).toBe("Succeeded");
  expect(world.created("Job")).toHaveLength(1);
});

test("a task that failed gets no other Job, although the cache still shows it as it was submitted", async () => {
  world.lagMs = ({ path }) => (path.includes("/traintasks") ? 20_000 : 0);
  world.start();
  const task = await world.submit();
  await world.clock.advance(20_100);
  const name = jobName(task.metadata, 1);
  world.scripted.end(name, 65);
  await world.clock.advance(100);
  expect(world.task().status.state).toBe("Failed");
  await world.client.delete(jobs, { namespace: "default", name }, { propagationPolicy: "Background" });
  await world.clock.advance(60_000);
  expect(world.created("Job")).toHaveLength(1);
});

test("a stale writer that sends Running after Complete is refused by the API server", async () => {
  const { name } = await world.runningTask();
  await world.patchStatus(sealed);
  world.scripted.end(name, 0);
  await world.clock.advance(100);
  const before = world.task().status;
  const conditions = before.conditions?.filter(({ type }) => type !== "Complete");
  await expect(world.patchStatus({ state: "Running", conditions })).rejects.toThrow(InvalidError);
  expect(world.task().status).toEqual(before);
});

test("a task that is deleted and made again under its name is another task", async () => {
  const { name } = await world.runningTask();
  await world.client.delete(trainTasks, { namespace: "default", name: "iris" }, { propagationPolicy: "Background" });
  const second = await world.submit();
  await world.clock.advance(5000);
  expect(world.job(name)).toBeUndefined();
  expect(world.created("Job")).toHaveLength(2);
  expect(world.task().status).toMatchObject({ state: "Starting", attempt: 1 });
  expect(world.task().metadata.uid).toBe(second.metadata.uid);
});

test("deleting a task in mid-run removes its Job and its pod, and gives the slot to the next", async () => {
  await world.runningTask();
  await world.submit({ metadata: { name: "second" } });
  await world.submit({ metadata: { name: "third" } });
  await world.clock.advance(100);
  expect(world.liveJobs()).toHaveLength(2);
  await world.client.delete(trainTasks, { namespace: "default", name: "iris" }, { propagationPolicy: "Background" });
  await world.clock.advance(5000);
  expect(world.liveJobs().map(({ metadata }) => metadata?.labels?.["traintask.dev/task"])).toEqual(["second", "third"]);
});
