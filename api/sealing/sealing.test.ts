import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, endTask, startPod } from "../../test/api/pod.ts";
import { startStack, until } from "../../test/api/stack.ts";
import type { Stack } from "../../test/api/stack.ts";
import { aHeader, anEnd, aTree, modelText } from "../../test/builders/model.ts";

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
