/** `GET .../model?format=ml-random-forest`, up to the library that loads the answer. */
import { RandomForestRegression } from "ml-random-forest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, startPod } from "../test/api/pod.ts";
import { startStack, until } from "../test/api/stack.ts";
import type { Answer, Stack } from "../test/api/stack.ts";
import { aForestInput, friedman } from "../test/builders/forest.ts";
import { allRows, modelOf } from "../test/builders/grown.ts";
import { aBoostingHeader, aHeader, anIteration, aTree, modelText } from "../test/builders/model.ts";
import { readModel } from "../model/predict.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack.close();
});

async function finish(name: string, lines: readonly string[]): Promise<void> {
  const pod = await startPod(stack, await createTask(stack, name));
  await pod.put({ text: lines.map((line) => `${line}\n`).join(""), last: true });
  await pod.put({ stream: "report", text: "{}\n", last: true });
  await until(async () => (await stack.call(`GET /v1/tasks/${name}`)).at("/status/model") !== undefined);
}

const exported = (name: string, options: object = {}): Promise<Answer> =>
  stack.call(`GET /v1/tasks/${name}/model?format=ml-random-forest`, options);

describe("a model in another format", () => {
  it("is a forest that ml-random-forest loads, and that predicts the same there", async () => {
    const input = aForestInput({ ...friedman({ rows: 200 }), options: { nEstimators: 5, bootstrap: true } });
    const lines = modelOf(input);
    await finish("forest", lines);
    const answer = await exported("forest");
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, expect.stringMatching(/^application\/json/)]);
    const rows = allRows(input);
    const theirs = RandomForestRegression.load(JSON.parse(answer.text) as never).predict(
      rows.map((row) => Object.values(row) as number[]),
    );
    const ours = (await readModel(lines)).outputs(rows);
    theirs.forEach((value, row) => expect(value).toBeCloseTo(ours[row]!, 12));

    const etag = String(answer.headers["etag"]);
    expect(etag).not.toBe((await stack.call("GET /v1/tasks/forest/model")).headers["etag"]);
    expect((await exported("forest", { headers: { "if-none-match": etag } })).status).toBe(304);
    expect((await stack.call("GET /v1/tasks/forest/model?format=jsonl")).text).toContain('{"kind":"end"');
  });

  it.each([
    { name: "boosting", lines: modelText(aBoostingHeader(), anIteration()), says: "boosting adds them up" },
    {
      name: "missing-left",
      lines: modelText(
        aHeader({
          columns: aHeader().columns.map((column) => ({ ...column, missing: true as const })),
          randomForest: { nEstimators: 1 },
        }),
        aTree({ missingLeft: [0] }),
      ),
      says: 'sends missing values of column \\"size\\" left',
    },
  ])("is refused with the reason where it has none: $name", async ({ name, lines, says }) => {
    await finish(name, lines);
    const answer = await exported(name);
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining(says)]);
    expect(answer.headers["etag"]).toBeUndefined();
    expect((await stack.call(`GET /v1/tasks/${name}/model`)).status).toBe(200);
  });

  it("is one of those that there are: 400 names them", async () => {
    await createTask(stack, "waiting");
    const answer = await stack.call("GET /v1/tasks/waiting/model?format=onnx");
    expect([answer.status, answer.at("/errors")]).toEqual([
      400,
      [{ parameter: "format", detail: "a format is jsonl or ml-random-forest" }],
    ]);
    expect((await exported("waiting")).status).toBe(409);
  });
});
