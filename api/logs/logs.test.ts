import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, endTask, startPod } from "../../test/api/pod.ts";
import type { TestPod } from "../../test/api/pod.ts";
import { startStack, until } from "../../test/api/stack.ts";
import type { Stack } from "../../test/api/stack.ts";
import { systemClock } from "../../kube/clock.ts";
import { jobs, pods } from "../../kube/objects.ts";

/** What each pod's container has written, as its node has it. */
const written = new Map<string, { text: string; ended: boolean; wake: () => void }>();

function write(pod: TestPod, text: string, ended = false): void {
  const name = pod.pod.metadata?.name ?? "";
  const log = written.get(name) ?? { text: "", ended: false, wake: () => undefined };
  written.set(name, { ...log, text: log.text + text, ended });
  log.wake();
}

async function* nodeLog(name: string, options: { follow: boolean; signal: AbortSignal }): AsyncGenerator<Uint8Array> {
  for (let sent = 0; !options.signal.aborted;) {
    const { text, ended } = written.get(name)!;
    if (text.length > sent) yield Buffer.from(text.slice(sent));
    sent = text.length;
    if (ended || !options.follow) return;
    await new Promise<void>((resolve) => {
      written.set(name, { ...written.get(name)!, wake: resolve });
      options.signal.addEventListener("abort", () => resolve());
    });
  }
}

/** How often each pod's node was asked for its log. */
const asked = new Map<string, number>();

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    logs: ({ metadata: { name = "" } = {} }, query) => {
      asked.set(name, (asked.get(name) ?? 0) + 1);
      return written.has(name) ? nodeLog(name, query) : undefined;
    },
  });
});
afterAll(async () => {
  await stack.close();
});

const container = { trainer: { container: { image: "busybox" } }, dataset: undefined };
const log = async (name: string, query = ""): Promise<string> =>
  (await stack.call(`GET /v1/tasks/${name}/logs${query}`)).text;

async function setPhase({ pod, job }: TestPod, phase: string): Promise<void> {
  const namespace = "default";
  await stack.client.patchStatus(pods, { namespace, name: pod.metadata?.name ?? "" }, { body: { status: { phase } } });
  const body = { status: { active: phase === "Running" ? 1 : 0, ready: phase === "Running" ? 1 : 0 } };
  await stack.client.patchStatus(jobs, { namespace, name: job.metadata?.name ?? "" }, { body });
}

async function stored(name: string): Promise<void> {
  await until(async () => (await stack.call(`GET /v1/tasks/${name}`)).at("/status/logStored") === true);
}

describe("the log of a built-in trainer", () => {
  it("is a 404 that says so before anything was written", async () => {
    await createTask(stack, "silent");
    const answer = await stack.call("GET /v1/tasks/silent/logs");
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining("no log yet")]);
  });

  it("is what its pods have sent: the latest attempt, or the one that is asked for", async () => {
    const task = await createTask(stack, "sent");
    const first = await startPod(stack, task, 1);
    await first.put({ stream: "log", text: "first attempt\n" });
    const second = await startPod(stack, task, 2);
    await second.put({ stream: "log", text: "second attempt\n" });
    expect(await log("sent")).toBe("second attempt\n");
    expect(await log("sent", "?attempt=1")).toBe("first attempt\n");
    expect((await stack.call("GET /v1/tasks/sent/logs?attempt=3")).status).toBe(404);
  });

  it("goes on while it is followed, until the task has ended and the log is stored", async () => {
    const task = await createTask(stack, "followed");
    const pod = await startPod(stack, task);
    await pod.put({ stream: "log", text: "one\n" });
    const followed = stack.call("GET /v1/tasks/followed/logs?follow=true");
    await pod.put({ stream: "log", offset: 4, text: "two\n" });
    await pod.put({ stream: "log", offset: 8, text: "three\n", last: true });
    await setPhase(pod, "Succeeded");
    await endTask(stack, task, { type: "Complete", reason: "Trained" });
    expect((await followed).text).toBe("one\ntwo\nthree\n");
    await stored("followed");
    expect(await log("followed")).toBe("one\ntwo\nthree\n");
  });

  it("is completed from the node when the pod died before it had sent the rest", async () => {
    const task = await createTask(stack, "crashed");
    const pod = await startPod(stack, task);
    write(pod, "one\nFATAL: heap out of memory\n", true);
    await pod.put({ stream: "log", text: "one\n" });
    await setPhase(pod, "Failed");
    await endTask(stack, task, { type: "Failed", reason: "OutOfMemory" });
    await stored("crashed");
    expect(await log("crashed")).toMatch(/^one\n--- .*\n(one\n)?FATAL: heap out of memory\n$/);
  });

  it("counts as stored when its pods are gone", async () => {
    const task = await createTask(stack, "vanished");
    await endTask(stack, task, { type: "Failed", reason: "JobVanished" });
    await stored("vanished");
  });
});

describe("the log of a container", () => {
  it("is copied from its node while it runs, and is still there when the pod is not", async () => {
    const task = await createTask(stack, "own", container);
    const pod = await startPod(stack, task);
    write(pod, "hello\n");
    await setPhase(pod, "Running");
    const followed = stack.call("GET /v1/tasks/own/logs?follow=true");
    await until(async () => (await log("own")) === "hello\n");
    write(pod, "world\n", true);
    await setPhase(pod, "Succeeded");
    await endTask(stack, task, { type: "Complete", reason: "Trained" });
    await stored("own");
    expect((await followed).text).toBe("hello\nworld\n");
    await stack.client.delete(
      pods,
      { namespace: "default", name: pod.pod.metadata?.name ?? "" },
      { gracePeriodSeconds: 0 },
    );
    expect(await log("own")).toBe("hello\nworld\n");
  });

  it("is asked for now and then, and not without end, while its node does not have it", async () => {
    const task = await createTask(stack, "nowhere", container);
    const pod = await startPod(stack, task);
    const name = pod.pod.metadata?.name ?? "";
    await setPhase(pod, "Running");
    await until(async () => asked.has(name));
    await systemClock.sleep(1000);
    expect(asked.get(name)).toBeLessThanOrEqual(2);
  });

  it("goes on where it was after the API was away", async () => {
    const task = await createTask(stack, "away", container);
    const pod = await startPod(stack, task);
    write(pod, "before\n");
    await setPhase(pod, "Running");
    await until(async () => (await log("away")) === "before\n");
    await stack.restart();
    write(pod, "after\n", true);
    await setPhase(pod, "Succeeded");
    await endTask(stack, task, { type: "Complete", reason: "Trained" });
    await stored("away");
    expect(await log("away")).toBe("before\nafter\n");
  });
});
