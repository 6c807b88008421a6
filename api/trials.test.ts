import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, endTask, startPod } from "../test/api/pod.ts";
import { startStack } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";
import type { Trial } from "../traintask/trials.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ settings: { maxTrialsBytes: 4000 } });
});
afterAll(async () => {
  await stack.close();
});

const search = { trainer: { search: {} } };
const aTrial = (overrides: Partial<Trial> = {}): Trial => ({
  kind: "trial",
  trial: 0,
  generation: 0,
  pipeline: "standardScaler > ridge(alpha=1)",
  origin: "random",
  parents: [],
  size: 2,
  scores: [-0.5, -0.25],
  score: -0.375,
  seconds: 0.25,
  ...overrides,
});
const failed = aTrial({
  trial: 2,
  generation: 1,
  pipeline: "pca(components=0.9) > ridge(alpha=1)",
  origin: "crossover",
  parents: [0, 1],
  scores: undefined,
  score: undefined,
  error: { cause: "error", message: 'a column is "constant", twice' },
});
const text = (...trials: readonly Trial[]): string => trials.map((trial) => `${JSON.stringify(trial)}\n`).join("");

describe("GET /v1/tasks/{name}/trials", () => {
  it("answers what a running search has tried so far, line by line as it was stored", async () => {
    const task = await createTask(stack, "live", search);
    expect((await stack.call("GET /v1/tasks/live/trials")).text).toBe("");
    const pod = await startPod(stack, task);
    const lines = [text(aTrial()), text(failed)];
    await pod.put({ stream: "trials", text: lines[0]! });
    const first = await stack.call("GET /v1/tasks/live/trials");
    expect([first.status, first.text]).toEqual([200, lines[0]]);
    expect(first.headers["content-type"]).toBe("application/jsonl");
    await pod.put({ stream: "trials", offset: lines[0]!.length, text: lines[1]! });
    expect((await stack.call("GET /v1/tasks/live/trials")).text).toBe(lines.join(""));
    await endTask(stack, task, { type: "Failed", reason: "Cancelled" });
    expect((await stack.call("GET /v1/tasks/live/trials")).text).toBe(lines.join(""));
  });

  it("answers a table to those who ask for CSV, by format or by Accept", async () => {
    const task = await createTask(stack, "table", search);
    const pod = await startPod(stack, task);
    const empty = await stack.call("GET /v1/tasks/table/trials?format=csv");
    expect(empty.text).toBe("trial,generation,pipeline,origin,parents,size,score,seconds,error\n");
    await pod.put({ stream: "trials", text: text(aTrial(), failed) });
    const answer = await stack.call("GET /v1/tasks/table/trials?format=csv");
    expect(answer.headers["content-type"]).toBe("text/csv");
    const rows = parse(answer.text, { columns: true }) as Record<string, string>[];
    expect(rows).toEqual([
      {
        trial: "0",
        generation: "0",
        pipeline: "standardScaler > ridge(alpha=1)",
        origin: "random",
        parents: "",
        size: "2",
        score: "-0.375",
        seconds: "0.25",
        error: "",
      },
      expect.objectContaining({ parents: "0 1", score: "", error: 'error: a column is "constant", twice' }),
    ]);
    const accepted = await stack.call("GET /v1/tasks/table/trials", { headers: { accept: "text/csv" } });
    expect(accepted.text).toBe(answer.text);
    const both = await stack.call("GET /v1/tasks/table/trials?format=jsonl", { headers: { accept: "text/csv" } });
    expect(both.headers["content-type"]).toBe("application/jsonl");
    expect((await stack.call("GET /v1/tasks/table/trials?format=xml")).status).toBe(400);
  });

  it("says the type to HEAD, and nothing else", async () => {
    await createTask(stack, "head", search);
    const answer = await stack.call("HEAD /v1/tasks/head/trials?format=csv");
    expect([answer.status, answer.text, answer.headers["content-type"]]).toEqual([200, "", "text/csv"]);
  });

  it.each([
    ["forest", { trainer: { randomForest: {} } }, "trains with randomForest"],
    ["own", { trainer: { container: { image: "x" } }, dataset: undefined }, "trains with container"],
  ])("is a 404 that says why for a task that is no search: %s", async (name, spec, says) => {
    const task = await createTask(stack, name, spec);
    const answer = await stack.call(`GET /v1/tasks/${name}/trials`);
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining(says)]);
    const pod = await startPod(stack, task);
    expect((await pod.put({ stream: "trials", text: text(aTrial()) })).status).toBe(403);
  });

  it("is linked to from a search, and from no other task", async () => {
    await createTask(stack, "linked", search);
    await createTask(stack, "unlinked");
    const link = (await stack.call("GET /v1/tasks/linked")).at("/links/trials");
    expect(link).toMatch(/\/v1\/tasks\/linked\/trials$/);
    expect((await stack.call("GET /v1/tasks/unlinked")).at("/links/trials")).toBeUndefined();
  });
});

describe("the trials of a search", () => {
  it("are stored by the pod of the running attempt alone", async () => {
    const task = await createTask(stack, "fenced", search);
    const old = await startPod(stack, task, 1);
    const now = await startPod(stack, task, 2);
    expect((await old.put({ stream: "trials", text: text(aTrial()) })).status).toBe(403);
    expect((await now.put({ stream: "trials", text: text(aTrial()) })).status).toBe(200);
    expect((await now.get("trials")).text).toBe(text(aTrial()));
  });

  it.each([
    ["half a line", text(aTrial()).slice(0, -1), "ends with a newline"],
    ["no JSON", '{"kind":"trial"\n', "is not JSON"],
    ["no trial", text(aTrial()) + '{"kind":"tree","tree":0}\n', "line 2, kind"],
    ["a score that is no number", text({ ...aTrial(), score: null as never }), "line 1, score"],
  ])("are whole lines, each a trial: %s is refused", async (_, lines, says) => {
    const name = `bad-${lines.length}`;
    const pod = await startPod(stack, await createTask(stack, name, search));
    const answer = await pod.put({ stream: "trials", text: lines });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(says)]);
    expect((await stack.call(`GET /v1/tasks/${name}/trials`)).text).toBe("");
  });

  it("may say more than this version knows", async () => {
    const pod = await startPod(stack, await createTask(stack, "newer", search));
    const line = text({ ...aTrial(), cores: 2 });
    expect((await pod.put({ stream: "trials", text: line })).status).toBe(200);
    expect((await stack.call("GET /v1/tasks/newer/trials")).text).toBe(line);
  });

  it("have a limit of their own", async () => {
    const pod = await startPod(stack, await createTask(stack, "many", search));
    const many = text(...Array.from({ length: 30 }, () => aTrial()));
    expect((await pod.put({ stream: "trials", text: many })).status).toBe(413);
  });
});
