import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, endTask, startPod } from "../test/api/pod.ts";
import type { TestPod } from "../test/api/pod.ts";
import { startStack, until } from "../test/api/stack.ts";
import type { Answer, Stack } from "../test/api/stack.ts";
import { systemClock } from "../kube/clock.ts";
import { jobs } from "../kube/objects.ts";
import type { Job } from "../kube/objects.ts";
import { maxChunkBytes, routes } from "../traintask/contract.ts";
import { trainTasks } from "../traintask/names.ts";
import { aHeader, anEnd, aTree, modelText } from "../test/builders/model.ts";

const maxModelBytes = 3 * maxChunkBytes + 10;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ settings: { maxModelBytes } });
});
afterAll(async () => {
  await stack.close();
});

/** Bytes that are no text, and unlike each other wherever they are cut. */
function bytesOf(length: number, seed = 1): Buffer {
  return Buffer.from(
    Uint32Array.from({ length: Math.ceil(length / 4) }, (_, i) => (i * 2654435761 + seed) >>> 0).buffer,
  ).subarray(0, length);
}
const digestOf = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

async function aPod(name: string, container: object = { model: { mediaType: "application/zip" } }): Promise<TestPod> {
  const trainer = { container: { image: "mine:1", ...container } };
  return startPod(stack, await createTask(stack, name, { trainer, dataset: undefined }));
}

function upload(pod: TestPod, bytes: Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
  const { namespace, name } = pod.task.metadata;
  return stack.call(`PUT ${routes.model({ namespace, name })}`, {
    headers: { authorization: `Bearer ${pod.token}`, ...headers },
    body: bytes,
  });
}

/** An upload that is still to be written. */
function open(pod: TestPod, headers: Record<string, string>) {
  const { namespace, name } = pod.task.metadata;
  const request = httpRequest({
    host: "127.0.0.1",
    port: stack.api.port,
    method: "PUT",
    path: routes.model({ namespace, name }),
    headers: { authorization: `Bearer ${pod.token}`, ...headers },
  });
  const status = new Promise<number | undefined>((resolve) => {
    request.on("response", (response) => resolve(response.statusCode)).on("error", () => resolve(undefined));
  });
  return { request, status };
}

/** Begins to upload and breaks off after these bytes. */
async function breakOff(pod: TestPod, bytes: Uint8Array): Promise<void> {
  const { request } = open(pod, { "content-length": String(bytes.length + 1) });
  await new Promise((resolve) => request.write(bytes, resolve));
  const stored = async (): Promise<number> => Number((await pod.get("model")).headers["traintask-stream-length"]);
  await until(async () => (await stored()) >= bytes.length - maxChunkBytes);
  request.destroy();
}

/** The Job ends well, as the Job controller would say. */
async function complete({ job }: TestPod): Promise<void> {
  const at = "2030-01-01T00:00:00Z";
  const { namespace, name } = job.metadata as { namespace: string; name: string };
  const condition = (type: string) => ({ type, status: "True", lastTransitionTime: at, lastProbeTime: at });
  const status = {
    startTime: at,
    completionTime: at,
    succeeded: 1,
    uncountedTerminatedPods: {},
    conditions: [condition("SuccessCriteriaMet"), condition("Complete")],
  };
  await stack.client.patchStatus<Job>(jobs, { namespace, name }, { body: { status } });
}

/** The task changes while its pod runs: a moment in which its model could be sealed. */
async function isLookedAt({ task }: TestPod): Promise<void> {
  const { namespace, name } = task.metadata;
  const at = "2030-01-01T00:00:00Z";
  const conditions = [{ type: "Running", status: "True", reason: "PodsReady", lastTransitionTime: at }];
  await stack.client.patchStatus(trainTasks, { namespace, name }, { body: { status: { conditions } } });
  await systemClock.sleep(500);
}

async function statusOf(name: string, field: string): Promise<unknown> {
  let value: unknown;
  await until(async () => (value = (await stack.call(`GET /v1/tasks/${name}`)).at(`/status/${field}`)) !== undefined);
  return value;
}

describe("the model of a container", () => {
  it("is what was uploaded, once the Job has ended well: with its digest, its media type, and never as a page", async () => {
    const pod = await aPod("zip");
    const bytes = bytesOf(2 * maxChunkBytes + 5);
    const answer = await upload(pod, bytes);
    expect([answer.status, answer.at("/digest"), answer.at("/sizeBytes")]).toEqual([
      200,
      digestOf(bytes),
      bytes.length,
    ]);
    expect((await stack.call("GET /v1/tasks/zip/model")).status).toBe(409);
    await complete(pod);
    expect(await statusOf("zip", "model")).toEqual({
      digest: digestOf(bytes),
      sizeBytes: bytes.length,
      partial: false,
    });
    const model = await stack.call("GET /v1/tasks/zip/model");
    expect(model.bytes.equals(bytes)).toBe(true);
    expect(model.headers).toMatchObject({
      "content-type": "application/zip",
      etag: `"${digestOf(bytes)}"`,
      "content-disposition": "attachment; filename=zip",
    });
  });

  it("may be uploaded again: the same bytes get the same answer, others a 409", async () => {
    const pod = await aPod("again");
    const bytes = bytesOf(maxChunkBytes + 7);
    const first = await upload(pod, bytes);
    expect((await upload(pod, bytes)).text).toBe(first.text);
    for (const other of [bytesOf(maxChunkBytes + 7, 2), bytes.subarray(0, maxChunkBytes), bytesOf(2 * maxChunkBytes)])
      expect([(await upload(pod, other)).status, other.length]).toEqual([409, other.length]);
  });

  it("of which an upload broke off is nothing, and becomes whole when it is sent again", async () => {
    const pod = await aPod("broken");
    const bytes = bytesOf(2 * maxChunkBytes + 5);
    await breakOff(pod, bytes.subarray(0, 2 * maxChunkBytes));
    expect((await pod.get("model")).headers["traintask-stream-done"]).toBe("false");
    expect((await upload(pod, bytes)).status).toBe(200);
    await complete(pod);
    expect(await statusOf("broken", "model")).toMatchObject({ digest: digestOf(bytes), partial: false });
  });

  it("does not hang on what another pod left half done, and is the last whole one", async () => {
    const pod = await aPod("retried");
    await breakOff(pod, bytesOf(maxChunkBytes * 2));
    const whole = await startPod(stack, pod.task, 2);
    expect((await upload(whole, bytesOf(100, 2))).status).toBe(200);
    await isLookedAt(pod);
    const last = await startPod(stack, pod.task, 3);
    expect((await upload(last, bytesOf(100, 3))).status).toBe(200);
    await complete(last);
    expect(await statusOf("retried", "model")).toMatchObject({ digest: digestOf(bytesOf(100, 3)) });
  });

  it("is missing when the Job ended well without it, and that is said; half of one is none", async () => {
    const pod = await aPod("missing");
    await breakOff(pod, bytesOf(2 * maxChunkBytes));
    await complete(pod);
    expect(await statusOf("missing", "modelMissingInAttempt")).toBe(1);
    await endTask(stack, pod.task, { type: "Failed", reason: "ModelMissing" });
    const answer = await stack.call("GET /v1/tasks/missing/model");
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining("ModelMissing")]);
  });

  it("is kept when the task failed after it was uploaded", async () => {
    const pod = await aPod("failed", { model: { mediaType: "application/json" } });
    await upload(pod, bytesOf(50));
    await endTask(stack, pod.task, { type: "Failed", reason: "UserCode" });
    expect(await statusOf("failed", "model")).toMatchObject({ digest: digestOf(bytesOf(50)) });
    expect((await stack.call("GET /v1/tasks/failed/model")).headers["content-type"]).toBe("application/json");
  });

  it("is refused when it is too large, announced or not, empty, or not what its digest says; nothing counts then", async () => {
    const pod = await aPod("refused");
    const large = await upload(pod, bytesOf(maxModelBytes + 1));
    expect([large.status, large.at("/detail")]).toEqual([413, expect.stringContaining("maxModelBytes")]);
    const unmeasured = open(pod, {});
    unmeasured.request.write(bytesOf(maxModelBytes + 1));
    expect(await unmeasured.status).toBe(413);
    unmeasured.request.destroy();
    expect((await upload(await aPod("empty"), Buffer.alloc(0))).status).toBe(400);
    const digest = await upload(await aPod("digest"), bytesOf(10), { "content-digest": "sha-256=:AAAA:" });
    expect([digest.status, digest.text]).toEqual([400, expect.stringContaining("content-digest")]);
    const silent = await upload(await aPod("silent", {}), bytesOf(10));
    expect([silent.status, silent.at("/detail")]).toEqual([
      403,
      expect.stringContaining("spec.trainer.container.model"),
    ]);
    for (const name of ["refused", "empty", "digest", "silent"])
      expect((await stack.call(`GET /v1/tasks/${name}/model`)).status).toBeGreaterThan(399);
  });

  it("may be sent chunk by chunk, of any bytes, with an offset each", async () => {
    const pod = await aPod("chunks");
    expect((await pod.put({ text: "half a li" })).text).toBe('{"length":9,"open":[0]}');
    expect((await pod.put({ offset: 9, text: "ne", last: true })).text).toBe('{"length":11,"open":[]}');
    expect((await pod.put({ stream: "report", text: "{}\n" })).status).toBe(403);
    await complete(pod);
    expect(await statusOf("chunks", "model")).toMatchObject({ digest: digestOf(Buffer.from("half a line")) });
  });

  it("is of use to predict only when it has our format", async () => {
    const foreign = await aPod("foreign");
    await upload(foreign, bytesOf(100));
    await complete(foreign);
    await statusOf("foreign", "model");
    const ask = (name: string) => stack.call(`POST /v1/tasks/${name}/predict`, { body: { rows: [{ a: 1, b: 1 }] } });
    const refused = await ask("foreign");
    expect([refused.status, refused.at("/detail")]).toEqual([409, expect.stringContaining("not of the format")]);
    const ours = await aPod("ours", { model: { mediaType: "application/jsonl" } });
    const lines = modelText(
      aHeader(),
      ...[0, 1, 2, 3].map((tree) => aTree({ tree })),
      anEnd({ trees: 4, missing: undefined as never }),
    );
    await upload(ours, Buffer.from(lines.map((line) => line + "\n").join("")));
    await complete(ours);
    await statusOf("ours", "model");
    expect((await ask("ours")).status).not.toBe(409);
  });

  it("belongs to the pod: a person's upload, and one of any media type that no form can send, are judged so", async () => {
    const pod = await aPod("typed");
    const path = routes.model({ namespace: "default", name: "typed" });
    expect((await stack.call(`PUT ${path}`, { body: "x" })).status).toBe(401);
    expect((await upload(pod, bytesOf(10), { "content-type": "application/x-www-form-urlencoded" })).status).toBe(200);
  });
});
