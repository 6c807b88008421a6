import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, endTask, startPod } from "../test/api/pod.ts";
import type { TestPod } from "../test/api/pod.ts";
import { startStack, until } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";
import { pods } from "../kube/objects.ts";
import { routes, tokenAudience } from "../traintask/contract.ts";
import { trainTasks } from "../traintask/names.ts";
import { artifactStore } from "./artifacts/artifact-store.ts";
import { directoryObjects } from "./artifacts/directory-objects.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ settings: { maxModelBytes: 1000, maxReportBytes: 100 } });
});
afterAll(async () => {
  await stack.close();
});

async function aPod(name: string, attempt = 1): Promise<TestPod> {
  return startPod(stack, await createTask(stack, name), attempt);
}

describe("a chunk", () => {
  it("is answered with the length and the open shards, and read back with both in headers", async () => {
    const pod = await aPod("chunk");
    expect((await pod.put({ text: "one\n" })).text).toBe('{"length":4,"open":[0]}');
    expect((await pod.put({ offset: 4, text: "two\n", last: true })).text).toBe('{"length":8,"open":[]}');
    const read = await pod.get("model", 4);
    expect([read.status, read.text]).toEqual([200, "two\n"]);
    expect(read.headers["traintask-stream-length"]).toBe("8");
    expect(read.headers["traintask-stream-done"]).toBe("true");
  });

  it("may be sent again: the answer is the same", async () => {
    const pod = await aPod("again");
    const first = await pod.put({ text: "one\n" });
    expect((await pod.put({ text: "one\n" })).text).toBe(first.text);
  });

  it("that does not fit is a 409 with the true length", async () => {
    const pod = await aPod("misfit");
    await pod.put({ text: "one\n" });
    const other = await pod.put({ text: "ONE\n" });
    expect([other.status, other.at("/length")]).toEqual([409, 4]);
    const far = await pod.put({ offset: 9, text: "x\n" });
    expect([far.status, far.at("/length")]).toEqual([409, 4]);
  });

  it("with a wrong digest, or none, is refused and not stored", async () => {
    const pod = await aPod("digest");
    expect((await pod.put({ text: "one\n", digest: "sha-256=:AAAA:" })).status).toBe(400);
    expect((await pod.put({ text: "one\n", digest: "" })).status).toBe(400);
    expect((await pod.get("model")).headers["traintask-stream-length"]).toBe("0");
  });

  it("of a model or report is whole lines; of a log it may be any bytes", async () => {
    const pod = await aPod("lines");
    expect((await pod.put({ text: '{"kind":"hea' })).status).toBe(400);
    expect((await pod.put({ stream: "report", text: "{}" })).status).toBe(400);
    expect((await pod.put({ stream: "log", text: "half a li" })).status).toBe(200);
  });

  it("beyond the limit of its stream is a 413", async () => {
    const pod = await aPod("large");
    expect((await pod.put({ text: "x".repeat(900) + "\n" })).status).toBe(200);
    expect((await pod.put({ offset: 901, text: "x".repeat(99) + "\n" })).status).toBe(413);
    expect((await pod.put({ stream: "report", text: "x".repeat(100) + "\n" })).status).toBe(413);
    expect((await pod.get("model")).headers["traintask-stream-length"]).toBe("901");
  });

  it("of a shard or stream that does not exist is refused", async () => {
    const pod = await aPod("shard");
    expect((await pod.put({ shard: 1, text: "x\n" })).status).toBe(400);
    const headers = { authorization: `Bearer ${pod.token}` };
    expect((await stack.call("PUT /v1/tasks/shard/streams/weights/0?offset=0", { headers })).status).toBe(404);
    expect((await stack.call("PUT /v1/tasks/shard/streams/model/0", { headers })).status).toBe(400);
  });
});

describe("the fence lets through the running attempt's pod alone:", () => {
  it("a token of another task opens nothing", async () => {
    const [mine, other] = [await aPod("mine"), await aPod("other")];
    const path = routes.stream({ namespace: "default", name: "other" }, { stream: "model", shard: 0, offset: 0 });
    const answer = await stack.call(`PUT ${path}`, { headers: { authorization: `Bearer ${mine.token}` }, body: "x\n" });
    expect(answer.status).toBe(401);
    expect((await other.get("model")).headers["traintask-stream-length"]).toBe("0");
  });

  it("a token that was not made for a pod opens nothing", async () => {
    const { task } = await aPod("bare");
    const { token } = stack.apiServer.tokens.issue({
      namespace: "default",
      serviceAccountName: "default",
      audiences: [tokenAudience({ namespace: "default", name: task.metadata.name })],
      expirationSeconds: 600,
    });
    const answer = await stack.call("GET /v1/tasks/bare/streams/model/0", {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(403);
  });

  it("a pod whose Job is not of the task opens nothing", async () => {
    const task = await createTask(stack, "victim");
    const stranger = await createTask(stack, "stranger");
    const pod = await startPod(stack, { ...stranger, metadata: { ...stranger.metadata, name: "victim" } });
    expect(task.metadata.uid).not.toBe(stranger.metadata.uid);
    expect((await pod.put({ text: "x\n" })).status).toBe(403);
  });

  it("an attempt that was followed by another one can write nothing more, at once", async () => {
    const task = await createTask(stack, "retried");
    const old = await startPod(stack, task, 1);
    expect((await old.put({ text: "one\n" })).status).toBe(200);
    const current = await startPod(stack, task, 2);
    expect((await current.put({ offset: 4, text: "two\n" })).status).toBe(200);
    await until(async () => (await old.put({ offset: 8, text: "late\n" })).status === 403);
    expect((await current.get("model")).text).toBe("one\ntwo\n");
  });

  it("an attempt older than the task's status says can write nothing", async () => {
    const task = await createTask(stack, "behind");
    await stack.client.patchStatus(
      trainTasks,
      { namespace: "default", name: "behind" },
      { body: { status: { attempt: 2 } } },
    );
    expect((await (await startPod(stack, task, 1)).put({ text: "x\n" })).status).toBe(403);
  });

  it("the pod of a task that has ended can write nothing", async () => {
    const pod = await aPod("ended");
    await endTask(stack, pod.task, { type: "Failed", reason: "BadData" });
    expect((await pod.put({ text: "x\n" })).status).toBe(403);
  });

  it("a pod that has ended can write nothing", async () => {
    const pod = await aPod("dead");
    const name = pod.pod.metadata?.name ?? "";
    await stack.client.patchStatus(pods, { namespace: "default", name }, { body: { status: { phase: "Failed" } } });
    expect((await pod.put({ text: "x\n" })).status).toBe(403);
  });

  it("a pod that is gone can write nothing", async () => {
    const pod = await aPod("gone");
    const name = pod.pod.metadata?.name ?? "";
    await stack.client.delete(pods, { namespace: "default", name }, { gracePeriodSeconds: 0 });
    expect([401, 403]).toContain((await pod.put({ text: "x\n" })).status);
  });
});

describe("a sealed model", () => {
  it("whose files are gone is said to be gone, not never to have been", async () => {
    const task = await createTask(stack, "lost-model");
    await endTask(stack, task, { type: "Complete", reason: "Trained" });
    const digest = `sha256:${"0".repeat(64)}`;
    const body = { status: { model: { digest, sizeBytes: 1, partial: false } } };
    await stack.client.patchStatus(trainTasks, { namespace: "default", name: "lost-model" }, { body });
    const answer = await stack.call("GET /v1/tasks/lost-model/model");
    expect([answer.status, answer.at("/detail")]).toEqual([404, expect.stringContaining(`(${digest}) is no longer`)]);
  });

  it("takes no more chunks, whoever sends them", async () => {
    const pod = await aPod("sealed");
    expect((await pod.put({ text: "not even a model\n" })).status).toBe(200);
    // As if it had been sealed while this pod's verdict is still remembered.
    const store = artifactStore(await directoryObjects(`${stack.dataDir}/artifacts`, 0));
    await store.seal(pod.task.metadata.uid, { digest: "sha256:0", sizeBytes: 0, partial: true, parts: [], end: "" });
    const late = await pod.put({ offset: 17, text: "late\n" });
    expect([late.status, late.at("/length")]).toEqual([409, 17]);
    expect((await pod.put({ text: "not even a model\n" })).status).toBe(200);
  });
});

describe("progress", () => {
  const lastUpdatedTime = "2030-01-01T00:00:00Z";

  it("as a Kubeflow client posts it is answered with 200, and is what the next GET shows", async () => {
    const pod = await aPod("progress");
    const trainerStatus = { progressPercentage: 40, estimatedRemainingSeconds: 130, lastUpdatedTime };
    expect((await pod.progress({ trainerStatus })).status).toBe(200);
    const task = await stack.call("GET /v1/tasks/progress");
    expect(task.at("/status/trainerStatus")).toEqual(trainerStatus);
    expect(task.at("/status/left")).toBe("2m10s");
    const later = { ...trainerStatus, progressPercentage: 41, lastUpdatedTime: "2030-01-01T00:00:01Z" };
    await pod.progress({ trainerStatus: later, score: "acc 0.9" });
    expect((await stack.call("GET /v1/tasks/progress")).at("/status/trainerStatus/progressPercentage")).toBe(41);
    expect((await stack.call("GET /v1/tasks/progress")).at("/status/score")).toBe("acc 0.9");
  });

  it("outlives the API between two writes of the status", async () => {
    const pod = await aPod("restarted");
    await pod.progress({ trainerStatus: { progressPercentage: 1, lastUpdatedTime } });
    await pod.progress({ trainerStatus: { progressPercentage: 2, lastUpdatedTime: "2030-01-01T00:00:02Z" } });
    await stack.restart();
    expect((await stack.call("GET /v1/tasks/restarted")).at("/status/trainerStatus/progressPercentage")).toBe(2);
  });

  it("that is none is refused with a pointer", async () => {
    const pod = await aPod("nonsense");
    const answer = await pod.progress({ trainerStatus: { progressPercentage: 140, lastUpdatedTime } });
    expect([answer.status, answer.at("/errors/0/pointer")]).toEqual([422, "/trainerStatus/progressPercentage"]);
    expect((await pod.progress({})).status).toBe(422);
  });

  it("of an attempt that was followed by another is refused", async () => {
    const task = await createTask(stack, "outdated");
    const old = await startPod(stack, task, 1);
    await startPod(stack, task, 2);
    await until(async () => (await old.progress({ trainerStatus: { lastUpdatedTime } })).status === 403);
  });
});
