/** Lines of a model that are longer than a chunk: the trees of tables of a million rows. */
import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, startPod } from "../test/api/pod.ts";
import type { ChunkToPut, TestPod } from "../test/api/pod.ts";
import { startStack, until } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";
import { maxChunkBytes, maxLineBytes, routes } from "../traintask/contract.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack.close();
});

const aPod = async (name: string): Promise<TestPod> => startPod(stack, await createTask(stack, name));
const longLine = `${"x".repeat(3 * maxChunkBytes)}\n`;

/** An upload whose body is still to be written. */
function open({ task, token }: Pick<TestPod, "task" | "token">, text: string, { stream = "model" }: ChunkToPut = {}) {
  const request = httpRequest({
    host: "127.0.0.1",
    port: stack.api.port,
    method: "PUT",
    path: routes.stream(task.metadata, { stream, shard: 0, offset: 0 }),
    headers: {
      authorization: `Bearer ${token}`,
      "content-length": Buffer.byteLength(text),
      "content-digest": `sha-256=:${createHash("sha256").update(text).digest("base64")}:`,
      expect: "100-continue",
    },
  });
  let isRead = false;
  request.on("continue", () => (isRead = true));
  const status = new Promise<number | undefined>((resolve) => {
    request.on("response", (response) => resolve(response.resume().statusCode)).on("error", () => resolve(undefined));
  });
  request.flushHeaders();
  return { request, status, isRead: () => isRead };
}

describe("a line longer than a chunk", () => {
  it("is stored whole, and read back as it was", async () => {
    const pod = await aPod("long");
    const text = `${"0123456789".repeat(maxChunkBytes)}\n`;
    expect((await pod.put({ text: "short\n" })).status).toBe(200);
    expect((await pod.put({ offset: 6, text })).at("/length")).toBe(6 + text.length);
    const again = await pod.put({ offset: 6, text });
    expect([again.status, again.at("/length")]).toEqual([200, 6 + text.length]);
    expect((await pod.get("model", 6)).text === text).toBe(true);
  });

  it("is not stored when its digest is another", async () => {
    const pod = await aPod("other");
    expect((await pod.put({ text: longLine, digest: "sha-256=:AAAA:" })).status).toBe(400);
    expect((await pod.get("model")).headers["traintask-stream-length"]).toBe("0");
  });

  it("is alone in its chunk", async () => {
    const pod = await aPod("alone");
    expect((await pod.put({ text: `short\n${longLine}` })).status).toBe(400);
    expect((await pod.put({ text: longLine.slice(0, -1) })).status).toBe(400);
  });

  it("is refused beyond the bound, and where none is needed, before any of it is read", async () => {
    const pod = await aPod("refused");
    const beyond = open(pod, "x".repeat(maxLineBytes + 1));
    const report = open(pod, longLine, { stream: "report" });
    const log = open(pod, longLine, { stream: "log" });
    expect(await Promise.all([beyond, report, log].map(({ status }) => status))).toEqual([413, 413, 413]);
    expect([beyond, report, log].map(({ isRead }) => isRead())).toEqual([false, false, false]);
  });

  it("is not read of who is no pod of the task, and takes up no turn", async () => {
    const pod = await aPod("fenced");
    const stranger = open({ task: pod.task, token: (await aPod("elsewhere")).token }, longLine);
    const nobody = open({ task: pod.task, token: "nothing" }, longLine);
    expect([403, 401]).toContain(await stranger.status);
    expect([403, 401]).toContain(await nobody.status);
    expect([stranger.isRead(), nobody.isRead()]).toEqual([false, false]);
  });

  it("waits for the one before, unread, while chunks of the usual size pass", async () => {
    const [first, second, third] = [await aPod("first"), await aPod("second"), await aPod("third")];
    const before = open(first, longLine);
    await until(async () => before.isRead());
    const after = open(second, longLine);
    // Several times as long as the first one took until it was read.
    for (let i = 0; i < 5; i++) expect((await third.put({ text: "short\n" })).status).toBe(200);
    expect(after.isRead()).toBe(false);
    before.request.end(longLine);
    expect(await before.status).toBe(200);
    await until(async () => after.isRead());
    after.request.end(longLine);
    expect(await after.status).toBe(200);
  });

  it("goes on to the next when the one before breaks off", async () => {
    const [first, second] = [await aPod("broken"), await aPod("next")];
    const before = open(first, longLine);
    await until(async () => before.isRead());
    before.request.write("x");
    before.request.destroy();
    expect((await second.put({ text: longLine })).status).toBe(200);
    expect((await first.get("model")).headers["traintask-stream-length"]).toBe("0");
  });
});
