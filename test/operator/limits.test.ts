/** The limit of a queue, whatever goes wrong: judged by the API server's history, against real creates and deletes. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobs, pods } from "../../kube/objects.ts";
import type { Job } from "../../kube/objects.ts";
import type { TransportRequest } from "../../kube/transport.ts";
import { jobName, labels, trainQueues } from "../../traintask/names.ts";
import { mostLiveJobs, liveJobsPerTask } from "./history.ts";
import { sealed, statusAnswer } from "./pieces.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

const isJobCreate = ({ method, path }: TransportRequest): boolean => method === "POST" && path.includes("/jobs");

test("twenty tasks at once hold no more than maxRunning slots, and all of them complete", async () => {
  world.start();
  for (let index = 0; index < 20; index++) await world.submit({ metadata: { name: `task-${index}` } });
  await finishAll();
  expect(world.created("Job")).toHaveLength(20);
  expect(mostLiveJobs(world.history)).toBe(2);
});

test("free slots are filled several at a time, not each after the answer to the one before", async () => {
  await world.close();
  world = createWorld({ maxRunning: 40 });
  for (let index = 0; index < 40; index++) await world.submit({ metadata: { name: `task-${index}` } });
  world.answerMs = (request) => (isJobCreate(request) ? 100 : 0);
  world.start();
  await world.clock.advance(2000);
  expect(world.created("Job")).toHaveLength(40);
});

test("a server that does not answer is not asked for every free slot", async () => {
  await world.close();
  world = createWorld({ maxRunning: 40 });
  for (let index = 0; index < 40; index++) await world.submit({ metadata: { name: `task-${index}` } });
  world.fate = (request) => (isJobCreate(request) ? "lost before" : "answered");
  world.start();
  await world.clock.advance(100);
  const asked = world.requests.filter((request) => request.startsWith("POST") && request.includes("/jobs"));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(20);
});

test("two operators that both act never make two Jobs for a task, nor more than maxRunning", async () => {
  world.start({ identity: "a" });
  world.start({ identity: "b" });
  for (let index = 0; index < 10; index++) await world.submit({ metadata: { name: `task-${index}` } });
  await finishAll();
  expect(world.created("Job")).toHaveLength(10);
  expect(mostLiveJobs(world.history)).toBeLessThanOrEqual(2);
  expect(Math.max(...liveJobsPerTask(world.history).values())).toBe(1);
});

test("of two operators with leader election one acts, and the other takes over when it dies", async () => {
  const first = world.start({ identity: "a", leaderElection: true });
  await world.clock.advance(100);
  world.start({ identity: "b", leaderElection: true });
  for (let index = 0; index < 6; index++) await world.submit({ metadata: { name: `task-${index}` } });
  await world.clock.advance(1000);
  expect(world.liveJobs()).toHaveLength(2);
  first.kill();
  await finishAll();
  expect(world.created("Job")).toHaveLength(6);
  expect(mostLiveJobs(world.history)).toBe(2);
});

test("a create whose answer is lost holds its slot until the same name is created again", async () => {
  let lost = 0;
  world.fate = (request) => (isJobCreate(request) && lost++ < 3 ? "lost after" : "answered");
  world.start();
  for (let index = 0; index < 5; index++) await world.submit({ metadata: { name: `task-${index}` } });
  await finishAll();
  expect(lost).toBeGreaterThan(3);
  expect(world.created("Job")).toHaveLength(5);
  expect(mostLiveJobs(world.history)).toBe(2);
});

test("the limit holds although the cache shows each Job seconds after it was created", async () => {
  world.lagMs = () => 5000;
  world.start();
  for (let index = 0; index < 6; index++) {
    await world.submit({ metadata: { name: `task-${index}` }, spec: { priority: index } });
    await world.clock.advance(700);
  }
  await world.clock.advance(30_000);
  await finishAll();
  expect(mostLiveJobs(world.history)).toBe(2);
  expect(world.created("Job")).toHaveLength(6);
});

test("a task that comes while another one's create has no answer does not take its slot", async () => {
  await world.client.patch(trainQueues, { name: "default" }, { body: { spec: { maxRunning: 1 } } });
  let lost = 0;
  const silentUntil = world.clock.now() + 3000;
  world.fate = (request) => {
    if (!isJobCreate(request) || !isFor(request, "iris") || world.clock.now() > silentUntil) return "answered";
    return lost++ === 0 ? "lost after" : "lost before";
  };
  world.lagMs = ({ path }) => (path.includes("/traintasks") ? 0 : 5000);
  world.start();
  await world.submit();
  await world.clock.advance(100);
  await world.submit({ metadata: { name: "urgent" }, spec: { priority: 10 } });
  await finishAll();
  expect(mostLiveJobs(world.history)).toBe(1);
  expect(world.created("Job")).toHaveLength(2);
});

test("a create that never arrives is sent again", async () => {
  let lost = 0;
  world.fate = (request) => (isJobCreate(request) && lost++ < 3 ? "lost before" : "answered");
  world.start();
  await world.submit();
  await world.clock.advance(10_000);
  expect(world.jobs()).toHaveLength(1);
});

test("a terminating pod holds its slot although its Job is gone", async () => {
  world.scripted.endsDeletedPods = false;
  const { name } = await world.runningTask();
  await world.submit({ metadata: { name: "second" } });
  await world.clock.advance(100);
  await world.submit({ metadata: { name: "third" } });
  await world.client.delete(jobs, { namespace: "default", name }, { propagationPolicy: "Background" });
  await world.patch({ cancel: true });
  await world.clock.advance(60_000);
  expect(world.jobs().map((job) => job.metadata?.labels?.[labels.task])).toEqual(["second"]);
  world.registry.delete(pods, { namespace: "default", name: `${name}-pod` }, { gracePeriodSeconds: 0 });
  await world.clock.advance(2000);
  expect(world.jobs().map((job) => job.metadata?.labels?.[labels.task])).toEqual(["second", "third"]);
});

test("a quota that refuses a Job costs no slot; the task says so, stands back, and is tried again", async () => {
  world = createWorld({ maxRunning: 1 });
  let refused = true;
  const answer = statusAnswer(403, "Forbidden", "exceeded quota: jobs=0");
  world.fate = (request) => (isJobCreate(request) && refused && isFor(request, "iris") ? answer() : "answered");
  world.start();
  await world.submit();
  await world.clock.advance(100);
  await world.submit({ metadata: { name: "second" } });
  await world.clock.advance(100);
  expect(world.task().status.conditions).toMatchObject([
    { type: "Admitted", status: "False", reason: "QuotaExceeded" },
  ]);
  expect(world.jobs().map((job) => job.metadata?.labels?.[labels.task])).toEqual(["second"]);
  world.scripted.end(jobName(world.task("second").metadata, 1), 0);
  refused = false;
  await world.clock.advance(30_000);
  expect(world.jobs()).toHaveLength(2);
});

test("a Job that the API server finds invalid fails its task with the server's words", async () => {
  world.fate = (request) =>
    isJobCreate(request) ? statusAnswer(422, "Invalid", "image: must not be empty")() : "answered";
  world.start();
  await world.submit();
  await world.clock.advance(1000);
  expect(world.task().status).toMatchObject({ state: "Failed", failure: { class: "BadConfiguration" } });
  expect(world.task().status.failure?.message).toContain("image: must not be empty");
  expect(world.requests.filter((request) => request.startsWith("POST"))).toHaveLength(1);
});

test("nothing is admitted from caches that have heard nothing for 90 s", async () => {
  world.start();
  await world.clock.advance(1000);
  const isOfJobs = ({ method, path }: TransportRequest): boolean => method === "GET" && path.includes("/jobs?");
  world.fate = (request) => (isOfJobs(request) ? "lost before" : "answered");
  world.endWatches();
  await world.clock.advance(91_000);
  const before = world.created("Job").length;
  await world.submit();
  await world.clock.advance(20_000);
  expect(world.created("Job")).toHaveLength(before);
  world.fate = () => "answered";
  await world.clock.advance(120_000);
  expect(world.created("Job")).toHaveLength(before + 1);
});

test("an object of somebody else that bears the Job's name is left alone", async () => {
  world.start();
  await world.client.patch(trainQueues, { name: "default" }, { body: { spec: { maxRunning: 0 } } });
  const task = await world.submit();
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: jobName(task.metadata, 1), namespace: "default" },
  };
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "x", image: "x" }] } };
  await world.client.create<Job>(jobs, { ...job, spec: { template } });
  await world.client.patch(trainQueues, { name: "default" }, { body: { spec: { maxRunning: 2 } } });
  await world.clock.advance(10_000);
  expect(world.reason("Admitted")).toBe("QuotaExceeded");
  expect(world.jobs()).toHaveLength(1);
});

function isFor({ body }: TransportRequest, name: string): boolean {
  return String(body).includes(`"${labels.task}":"${name}"`);
}

/** Lets every Job run for a second and succeed, until none is left. */
async function finishAll(): Promise<void> {
  for (let round = 0; round < 200; round++) {
    await world.clock.advance(1000);
    const live = world.liveJobs();
    for (const { metadata } of live) world.scripted.end(metadata?.name ?? "", 0);
    for (const { metadata } of live) await world.patchStatus(sealed, metadata?.labels?.[labels.task]);
    const unfinished = world.tasks().filter(({ status }) => status.state !== "Succeeded");
    if (unfinished.length === 0) return;
  }
  throw new Error("not all tasks have completed");
}
