import { createHash } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainTasks } from "../../traintask/names.ts";
import { artifactStore } from "../artifacts/artifact-store.ts";
import { directoryObjects } from "../artifacts/directory-objects.ts";
import { makeSeal } from "./seal.ts";
import { createTask, endTask, startPod } from "../../test/api/pod.ts";
import { startStack, until } from "../../test/api/stack.ts";
import type { Stack } from "../../test/api/stack.ts";
import {
  aBoostingEnd,
  aBoostingHeader,
  aHeader,
  anEnd,
  aTree,
  iterationsWithLosses,
  modelText,
} from "../../test/builders/model.ts";

const lines = modelText(aHeader(), ...[0, 1, 2, 3].map((tree) => aTree({ tree })));
const text = lines.map((line) => line + "\n");
const end = modelText(anEnd({ trees: 4, missing: undefined as never }))[0] + "\n";
const whole = text.join("") + end;
const digestOf = (bytes: string | Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack.close();
});

async function sealed(name: string): Promise<unknown> {
  let model: unknown;
  await until(async () => (model = (await stack.call(`GET /v1/tasks/${name}`)).at("/status/model")) !== undefined);
  return model;
}

describe("a model", () => {
  it("is sealed when all trees and the report are there: its bytes have the digest that the status says", async () => {
    const task = await createTask(stack, "whole");
    const pod = await startPod(stack, task);
    let offset = 0;
    for (const line of text) {
      const answer = await pod.put({ offset, text: line });
      expect(answer.text).toBe(JSON.stringify({ length: offset + line.length, open: [0] }));
      offset += line.length;
    }
    expect((await pod.put({ offset, last: true })).at("/open")).toEqual([]);
    expect((await stack.call("GET /v1/tasks/whole/model")).status).toBe(409);
    await pod.put({ stream: "report", text: '{"score": 1}\n', last: true });
    expect(await sealed("whole")).toEqual({ digest: digestOf(whole), sizeBytes: whole.length, partial: false });
    const model = await stack.call("GET /v1/tasks/whole/model");
    expect(model.text).toBe(whole);
    expect(model.headers["etag"]).toBe(`"${digestOf(whole)}"`);
    expect(model.headers["traintask-model-partial"]).toBe("false");
    const again = await stack.call("GET /v1/tasks/whole/model", {
      headers: { "if-none-match": `"${digestOf(whole)}"` },
    });
    expect(again.status).toBe(304);
  });

  it("is sealed with the same bytes by an API that finds everything stored when it starts", async () => {
    const task = await createTask(stack, "late");
    await stack.api.close();
    const store = artifactStore(await directoryObjects(path.join(stack.dataDir, "artifacts"), 0));
    const { uid } = task.metadata;
    const bytes = Buffer.from(text.join(""));
    await store.append({ task: uid, stream: "model", name: "0" }, { offset: 0, bytes, last: true });
    expect(await makeSeal(store, task)).toBeUndefined();
    const report = Buffer.from("{}\n");
    await store.append({ task: uid, stream: "report", name: "0" }, { offset: 0, bytes: report, last: true });
    const at = "2030-01-01T00:00:00Z";
    const conditions = [{ type: "Running", status: "False", reason: "WaitingForModel", lastTransitionTime: at }];
    const key = { namespace: "default", name: "late" };
    await stack.client.patchStatus(trainTasks, key, { body: { status: { conditions } } });
    await stack.restart();
    expect(await sealed("late")).toEqual({ digest: digestOf(whole), sizeBytes: whole.length, partial: false });
    expect((await stack.call("GET /v1/tasks/late/model")).text).toBe(whole);
    expect((await stack.call("GET /v1/tasks/late/report")).text).toBe("{}\n");
  });

  it("leaves out what stands before a second header in a part", async () => {
    const task = await createTask(stack, "again");
    const pod = await startPod(stack, task);
    const old = modelText(aHeader({ grower: "test/0" }), aTree({ tree: 0 }));
    await pod.put({ text: old.map((line) => line + "\n").join("") + text.join(""), last: true });
    await pod.put({ stream: "report", text: "{}\n", last: true });
    expect(await sealed("again")).toMatchObject({ digest: digestOf(whole), sizeBytes: whole.length });
    expect((await stack.call("GET /v1/tasks/again/model")).text).toBe(whole);
  });

  it("does not exist for a task that ended without a tree: 404, which says why", async () => {
    const task = await createTask(stack, "bare");
    const pod = await startPod(stack, task);
    await pod.put({ text: text[0] ?? "" });
    expect((await stack.call("GET /v1/tasks/bare/model")).status).toBe(409);
    await endTask(stack, task, { type: "Failed", reason: "DeadlineExceeded" });
    const answer = await stack.call("GET /v1/tasks/bare/model");
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining("DeadlineExceeded")]);
    const report = await stack.call("GET /v1/tasks/bare/report");
    expect([report.status, report.text]).toEqual([404, expect.stringContaining("DeadlineExceeded")]);
  });

  it("of boosting that stopped early is whole: its part is done, and its end says what prediction uses", async () => {
    const iterations = modelText(aBoostingHeader(), ...iterationsWithLosses(3, 1, 2)).map((line) => line + "\n");
    const task = await createTask(stack, "early");
    const pod = await startPod(stack, task);
    await pod.put({ text: iterations.join(""), last: true });
    await pod.put({ stream: "report", text: "{}\n", last: true });
    expect(await sealed("early")).toMatchObject({ partial: false });
    const model = await stack.call("GET /v1/tasks/early/model");
    const last = modelText(aBoostingEnd({ iterations: 3, bestIteration: 1 }))[0]!;
    expect(model.text).toBe(`${iterations.join("")}${last}\n`);
    expect(model.headers["traintask-model-partial"]).toBe("false");
  });

  it.each([
    { name: "cut", losses: [3, 2], partial: true },
    { name: "spent", losses: [4, 3, 2, 1], partial: false },
  ])("of boosting whose task ends before its part is done is partial unless maxIter is reached: $name", async (one) => {
    const iterations = modelText(aBoostingHeader(), ...iterationsWithLosses(...one.losses)).map((line) => line + "\n");
    const task = await createTask(stack, one.name);
    const pod = await startPod(stack, task);
    await pod.put({ text: iterations.join("") });
    await endTask(stack, task, { type: "Failed", reason: "Cancelled" });
    expect(await sealed(one.name)).toMatchObject({ partial: one.partial });
  });

  it("is sealed as partial when its task ends before all trees are there", async () => {
    const task = await createTask(stack, "half");
    const pod = await startPod(stack, task);
    await pod.put({ text: text.slice(0, 3).join("") });
    await endTask(stack, task, { type: "Failed", reason: "Cancelled" });
    expect(await sealed("half")).toMatchObject({ partial: true });
    const model = await stack.call("GET /v1/tasks/half/model");
    expect(model.text).toContain('"missing":[[2,3]]');
    expect(digestOf(model.bytes)).toBe((await stack.call("GET /v1/tasks/half")).at("/status/model/digest"));
  });
});
