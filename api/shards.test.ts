/** Several pods of one task at the API: who may write what, what is told of them, and the one model that they make. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, endTask, startPod, startShards } from "../test/api/pod.ts";
import type { TestPod } from "../test/api/pod.ts";
import { startStack, until } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";
import { aHeader, anEnd, aTree, modelText } from "../test/builders/model.ts";

const [header = "", ...trees] = modelText(aHeader(), ...[0, 1, 2, 3].map((tree) => aTree({ tree }))).map(
  (line) => `${line}\n`,
);
const whole = [header, ...trees, `${modelText(anEnd({ trees: 4, missing: undefined as never }))[0]}\n`].join("");
const partOf = (shard: number, shards: number): string =>
  [header, ...trees.filter((_, tree) => tree % shards === shard)].join("");
const digestOf = (bytes: string | Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ settings: { maxModelBytes: 20_000 } });
});
afterAll(async () => {
  await stack.close();
});

async function shardsOf(name: string, shards: number): Promise<TestPod[]> {
  return startShards(stack, await createTask(stack, name, { shards }));
}
const get = (path: string) => stack.call(`GET /v1/tasks/${path}`);
async function sealed(name: string): Promise<unknown> {
  let model: unknown;
  await until(async () => (model = (await get(name)).at("/status/model")) !== undefined);
  return model;
}

describe("a pod of one shard", () => {
  it("writes its own part of the model and the task's report, and reads all parts", async () => {
    const [zero, one] = await shardsOf("rights", 3);
    expect((await one!.put({ shard: 1, text: header })).status).toBe(200);
    const refused = await one!.put({ shard: 2, text: header });
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("writes shard 1")]);
    expect((await one!.put({ shard: 0, text: header })).status).toBe(403);
    expect((await one!.put({ shard: 3, text: header })).status).toBe(400);
    expect((await zero!.get("model", 0, 1)).text).toBe(header);
    expect((await one!.put({ stream: "report", shard: 0, text: "{}\n" })).status).toBe(200);
    expect((await one!.put({ stream: "report", shard: 1, text: "{}\n" })).status).toBe(403);
  });

  it("is told which parts are open: after its last chunk exactly, so that the last one finds none", async () => {
    const [zero, one, two] = await shardsOf("open", 3);
    expect((await one!.put({ shard: 1, text: header })).at("/open")).toEqual([0, 1, 2]);
    expect((await one!.put({ shard: 1, offset: header.length, last: true })).at("/open")).toEqual([0, 2]);
    const ends = [zero!.put({ shard: 0, text: header, last: true }), two!.put({ shard: 2, text: header, last: true })];
    const open = (await Promise.all(ends)).map((answer) => answer.at("/open") as number[]);
    // Each was stored before its answer was made: at least one of two that end together sees that all are done.
    expect(open.some((shards) => shards.length === 0)).toBe(true);
  });

  it("that bears no index, or one that the task does not have, may do nothing", async () => {
    const pod = await startPod(stack, await createTask(stack, "bare", { shards: 2 }));
    const answer = await pod.put({ text: header });
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("none of its shards")]);
    const wide = await createTask(stack, "wide", { shards: 2 });
    const far = (await startShards(stack, { ...wide, spec: { ...wide.spec, shards: 4 } }))[3];
    expect((await far!.get("model")).status).toBe(403);
  });

  it("adds to what the parts of all may have together", async () => {
    const [zero, one] = await shardsOf("room", 2);
    const half = `${"x".repeat(11_000)}\n`;
    expect((await zero!.put({ shard: 0, text: half })).status).toBe(200);
    // What others have is looked at now and then.
    await one!.put({ shard: 1, text: half });
    await until(async () => (await one!.put({ shard: 1, offset: half.length, text: "x\n" })).status === 413);
  });
});

describe("progress of shards", () => {
  it("is that of all trees, and shows in the task at once", async () => {
    const pods = await shardsOf("progress", 2);
    const at = (second: number): string => `2030-01-01T00:00:0${second}Z`;
    const word = (percent: number, left: number, second: number) => ({
      trainerStatus: { progressPercentage: percent, estimatedRemainingSeconds: left, lastUpdatedTime: at(second) },
      score: `acc 0.${percent}`,
    });
    await pods[1]!.progress(word(50, 90, 2));
    expect((await pods[0]!.progress(word(100, 0, 1))).status).toBe(200);
    const task = await get("progress");
    expect(task.at("/status/trainerStatus")).toEqual({
      progressPercentage: 75,
      estimatedRemainingSeconds: 90,
      lastUpdatedTime: at(2),
    });
    expect([task.at("/status/left"), task.at("/status/score")]).toEqual(["1m30s", "acc 0.100"]);
  });
});

describe("the model of shards", () => {
  for (const shards of [2, 4])
    it(`has the bytes of that of one pod, from ${shards} parts`, async () => {
      const pods = await shardsOf(`merged-${shards}`, shards);
      for (const [shard, pod] of pods.toReversed().entries()) {
        const own = shards - 1 - shard;
        await pod.put({ shard: own, text: partOf(own, shards), last: true });
      }
      await pods[1]!.put({ stream: "report", text: "{}\n", last: true });
      expect(await sealed(`merged-${shards}`)).toEqual({
        digest: digestOf(whole),
        sizeBytes: whole.length,
        partial: false,
      });
      expect((await get(`merged-${shards}/model`)).text).toBe(whole);
    });

  it("has the same bytes where the parts are many", async () => {
    const many = modelText(
      aHeader({ randomForest: { nEstimators: 40 } }),
      ...Array.from({ length: 40 }, (_, tree) => aTree({ tree })),
    ).map((line) => `${line}\n`);
    const pods = await shardsOf("many", 20);
    for (const [shard, pod] of pods.entries()) {
      const text = many.filter((_, line) => line === 0 || (line - 1) % 20 === shard).join("");
      await pod.put({ shard, text, last: true });
    }
    await pods[0]!.put({ stream: "report", text: "{}\n", last: true });
    expect(await sealed("many")).toMatchObject({ partial: false });
    const { text } = await get("many/model");
    expect(text.split("\n").slice(0, 41).join("\n")).toBe(many.join("").trimEnd());
  });

  it("is partial, and has what there is, when the task ends before all parts are done", async () => {
    const pods = await shardsOf("cut", 2);
    await pods[1]!.put({ shard: 1, text: partOf(1, 2) });
    await endTask(stack, pods[0]!.task, { type: "Failed", reason: "Cancelled" });
    expect(await sealed("cut")).toMatchObject({ partial: true });
    expect((await get("cut/model")).text).toContain('"missing":[[0,0],[2,2]]');
  });

  it("is not sealed before every part is done", async () => {
    const pods = await shardsOf("waits", 2);
    await pods[0]!.put({ shard: 0, text: partOf(0, 2), last: true });
    await pods[0]!.put({ stream: "report", text: "{}\n", last: true });
    await pods[1]!.put({ shard: 1, text: partOf(1, 2) });
    expect((await get("waits/model")).status).toBe(409);
    await pods[1]!.put({ shard: 1, offset: partOf(1, 2).length, last: true });
    expect(await sealed("waits")).toMatchObject({ digest: digestOf(whole) });
  });
});

describe("the log of shards", () => {
  it("is that of all of them, with a line that says whose, or of the one that is asked for", async () => {
    const [zero, one] = await shardsOf("logs", 2);
    await one!.put({ stream: "log", shard: 1, text: "one, cut off" });
    await zero!.put({ stream: "log", shard: 0, text: "zero\n" });
    expect((await get("logs/logs")).text).toBe(
      "--- shard 0, attempt 1 ---\nzero\n--- shard 1, attempt 1 ---\none, cut off",
    );
    expect((await get("logs/logs?shard=1")).text).toBe("one, cut off");
    expect((await get("logs/logs?shard=2")).status).toBe(400);
    const none = await get("logs/logs?shard=1&attempt=7");
    expect([none.status, none.text]).toEqual([404, expect.stringContaining("no log of shard 1 of attempt 7")]);
  });

  it("is followed as it comes, each piece below its shard's line", async () => {
    const [zero, one] = await shardsOf("followed", 2);
    await zero!.put({ stream: "log", shard: 0, text: "a\n" });
    const followed = get("followed/logs?follow=true");
    const only = get("followed/logs?follow=true&shard=1");
    await until(async () => (await get("followed/logs")).text.includes("a\n"));
    await one!.put({ stream: "log", shard: 1, text: "b", last: true });
    await until(async () => (await get("followed/logs")).text.endsWith("b"));
    await zero!.put({ stream: "log", shard: 0, offset: 2, text: "c\n", last: true });
    await endTask(stack, zero!.task, { type: "Failed", reason: "Cancelled" });
    const { text } = await followed;
    const lines = text.split("\n").filter((line) => !line.startsWith("---"));
    expect(lines.filter((line) => line !== "").toSorted()).toEqual(["a", "b", "c"]);
    expect(text).toMatch(/^--- shard 0, attempt 1 ---\na\n/);
    expect(text).toContain("--- shard 1, attempt 1 ---\nb");
    expect((await only).text).toBe("b");
  });
});
