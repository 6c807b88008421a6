import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, endTask, startPod } from "../../test/api/pod.ts";
import { startStack, until } from "../../test/api/stack.ts";
import type { Answer, Stack } from "../../test/api/stack.ts";
import { aHeader, aTree, modelText } from "../../test/builders/model.ts";

const csv = { "content-type": "text/csv" };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const lines = modelText(aHeader(), aTree({ tree: 0 }), aTree({ tree: 1 }));
  for (const name of ["ants", "bees"]) {
    const task = await createTask(stack, name);
    const pod = await startPod(stack, task);
    await pod.put({ text: lines.map((line) => line + "\n").join("") });
    await endTask(stack, task, { type: "Failed", reason: "Cancelled" });
    await until(async () => (await stack.call(`GET /v1/tasks/${name}`)).at("/status/model") !== undefined);
  }
});
afterAll(async () => {
  await stack.close();
});

const predict = (body: object | string, headers = {}, name = "ants"): Promise<Answer> =>
  stack.call(`POST /v1/tasks/${name}/predict`, { body, headers });

describe("POST /v1/tasks/{name}/predict", () => {
  it("answers a label with probabilities for each row, and that the model is partial", async () => {
    const answer = await predict({
      rows: [
        { size: 1, colour: "red" },
        { size: 9, colour: null, more: "ignored" },
      ],
    });
    expect(answer.status).toBe(200);
    expect(answer.headers["traintask-model-partial"]).toBe("true");
    expect(JSON.parse(answer.text)).toEqual({
      predictions: [
        { label: "ant", probabilities: { ant: 1, bee: 0, cat: 0 } },
        { label: "cat", probabilities: { ant: 0, bee: 0, cat: 1 } },
      ],
    });
  });

  it("takes CSV, and answers the same", async () => {
    const answer = await predict("colour,size,more\nred,1,x\n,9,y\n", csv);
    expect(answer.text).toBe(
      (
        await predict({
          rows: [
            { size: 1, colour: "red" },
            { size: 9, colour: null },
          ],
        })
      ).text,
    );
  });

  const refused: Record<string, { body: object | string; headers?: object; status: number; says: string }> = {
    "a missing column, by name": {
      body: { rows: [{ size: 1, colour: "red" }, { size: 1 }] },
      status: 400,
      says: "/rows/1/colour",
    },
    "a text where a number is needed": {
      body: { rows: [{ size: "tall", colour: "red" }] },
      status: 400,
      says: "/rows/0/size",
    },
    "a body without rows": { body: {}, status: 400, says: "/rows" },
    "a row that is no object": { body: { rows: [[1, "red"]] }, status: 400, says: "/rows/0" },
    "a missing column of CSV": { body: "size\n1\n", headers: csv, status: 400, says: "colour" },
    "a ragged row of CSV": { body: "size,colour\n1\n", headers: csv, status: 400, says: "row 1" },
    "broken JSON": {
      body: '{"rows": [',
      headers: { "content-type": "application/json" },
      status: 400,
      says: "not JSON",
    },
    "another media type": { body: "x", headers: { "content-type": "application/yaml" }, status: 415, says: "text/csv" },
  };
  for (const [name, { body, headers, status, says }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const answer = await predict(body, headers);
      expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(says)]);
      expect(answer.headers["content-type"]).toBe("application/problem+json");
    });
  }

  it("goes on after a refusal, and answers many at once from two models", async () => {
    const row = { rows: [{ size: 1, colour: "red" }] };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => predict(row, {}, i % 2 === 0 ? "ants" : "bees")),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
  });

  it("is a 409 with a link to the progress before the model is sealed", async () => {
    await createTask(stack, "young");
    const answer = await predict({ rows: [] }, {}, "young");
    expect([answer.status, answer.at("/links/progress")]).toEqual([409, `${stack.api.url}/v1/tasks/young`]);
  });

  it("takes a column and a class that are called __proto__", async () => {
    const columns = [{ name: "__proto__", type: "number", edges: [1] }] as const;
    const header = aHeader({ columns, classes: ["__proto__", "b"] });
    const tree = aTree({ feature: [0, -1, -1], bin: [0], value: [0, 1], importance: [0, 1] });
    const task = await createTask(stack, "proto");
    const pod = await startPod(stack, task);
    await pod.put({
      text: modelText(header, tree)
        .map((line) => line + "\n")
        .join(""),
    });
    await endTask(stack, task, { type: "Failed", reason: "Cancelled" });
    await until(async () => (await stack.call("GET /v1/tasks/proto")).at("/status/model") !== undefined);
    const json = { "content-type": "application/json" };
    const answer = await predict('{"rows": [{"__proto__": 0}]}', json, "proto");
    expect(answer.text).toBe('{"predictions":[{"label":"__proto__","probabilities":{"__proto__":1,"b":0}}]}\n');
  });
});
