import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTask, endTask, startPod } from "../../test/api/pod.ts";
import { startStack, until } from "../../test/api/stack.ts";
import type { Answer, Stack } from "../../test/api/stack.ts";
import { aSearchEnd, aSearchHeader, anInputStep, modelText, someSteps } from "../../test/builders/model.ts";
import type { ModelLine, StepLine } from "../../model/format.ts";
import type { TestPod } from "../../test/api/pod.ts";
import type { KubeObject } from "../../kube/objects.ts";
import { trainTasks } from "../../traintask/names.ts";
import { parseTrainTask } from "../../traintask/parse.ts";
import { terminalCondition } from "../../traintask/state.ts";
import { artifactStore } from "../artifacts/artifact-store.ts";
import { directoryObjects } from "../artifacts/directory-objects.ts";
import { makeSeal } from "./seal.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack.close();
});

const textOf = (...lines: readonly ModelLine[]): string => modelText(...lines).join("\n") + "\n";
const best = textOf(aSearchHeader(), ...someSteps());
const model = best + textOf(aSearchEnd());
const earlier = textOf(aSearchHeader({ search: { pipeline: "ridge(alpha=1)", steps: 2 } }), anInputStep());

async function aSearch(name: string): Promise<{ pod: TestPod; end: (reason: string) => Promise<void> }> {
  const task = await createTask(stack, name, { trainer: { search: {} } });
  const pod = await startPod(stack, task);
  return { pod, end: (reason) => endTask(stack, task, { type: "Failed", reason }) };
}
async function sealed(name: string): Promise<Answer> {
  await until(async () => (await stack.call(`GET /v1/tasks/${name}`)).at("/status/model") !== undefined);
  return stack.call(`GET /v1/tasks/${name}/model`);
}

it("seals the model of a search when it and the report are there, as it was written", async () => {
  const { pod } = await aSearch("whole");
  await pod.put({ text: earlier + best, last: true });
  expect((await stack.call("GET /v1/tasks/whole/model")).status).toBe(409);
  await pod.put({ stream: "report", text: '{"kind":"report"}\n', last: true });
  const answer = await sealed("whole");
  expect([answer.text, answer.headers["traintask-model-partial"]]).toEqual([model, "false"]);
  expect((await stack.call("GET /v1/tasks/whole/report")).text).toBe('{"kind":"report"}\n');
});

it.each(["Cancelled", "DeadlineExceeded"])(
  "serves the best pipeline so far of a search that ended: %s",
  async (reason) => {
    const name = reason.toLowerCase();
    const { pod, end } = await aSearch(name);
    await pod.put({ text: best });
    expect((await stack.call(`GET /v1/tasks/${name}/model`)).status).toBe(409);
    await end(reason);
    const answer = await sealed(name);
    expect([answer.text, answer.headers["traintask-model-partial"]]).toEqual([model, "true"]);
    const report = await stack.call(`GET /v1/tasks/${name}/report`);
    expect([report.status, report.text]).toEqual([404, expect.stringContaining("before the search was over")]);
  },
);

it("has no model of a search that was killed while it wrote its last step: 404, which says why", async () => {
  const { pod, end } = await aSearch("cut");
  const whole = earlier + textOf(aSearchHeader(), ...someSteps().slice(0, 2));
  await pod.put({ text: whole });
  await end("Cancelled");
  await until(async () => (await stack.call("GET /v1/tasks/cut/model")).status === 404);
  const answer = await stack.call("GET /v1/tasks/cut/model");
  expect(answer.text).toContain("ended before a whole pipeline was stored (Cancelled)");
  const store = artifactStore(await directoryObjects(path.join(stack.dataDir, "artifacts"), 0));
  const ended = parseTrainTask(await stack.client.get<KubeObject>(trainTasks, { namespace: "default", name: "cut" }));
  expect(terminalCondition(ended)).toBeDefined();
  expect(await makeSeal(store, ended)).toBeUndefined();
});

it("says of the report of a running search when it is made", async () => {
  await aSearch("running");
  expect((await stack.call("GET /v1/tasks/running/report")).text).toContain("made when the search is over");
});

it("predicts with a search's model, and says which row is too far from all that it knows", async () => {
  const { pod, end } = await aSearch("predicts");
  const [input, scaler, ridge] = someSteps() as [StepLine, StepLine, StepLine];
  const fitted = { offset: [1, 0, 0], scale: [1e-300, 1, 1] };
  await pod.put({ text: textOf(aSearchHeader(), input, { ...scaler, fitted }, ridge) });
  await end("Cancelled");
  await sealed("predicts");
  const predict = (rows: object[]): Promise<Answer> =>
    stack.call("POST /v1/tasks/predicts/predict", { body: { rows } });
  const near = { size: 1, colour: "red" };
  expect((await predict([near])).at("/predictions")).toEqual([{ value: 11 }]);
  const far = await predict([near, { size: 1e200, colour: null }]);
  expect([far.status, far.at("/errors/0/pointer")]).toEqual([400, "/rows/1"]);
  expect(far.at("/detail")).toMatch(/^Row 2: is too far from the rows trained on: standardScaler makes/);
  const exported = await stack.call("GET /v1/tasks/predicts/model?format=ml-random-forest");
  expect([exported.status, exported.text]).toEqual([409, expect.stringContaining("it is of search")]);
});
