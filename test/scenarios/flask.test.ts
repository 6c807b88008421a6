/** The Flask program's two calls, text for text, and what its users relied on. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSystem, type System, taskIn, until } from "./system.ts";

/** Little to do, for twenty times the program's own task would take minutes. */
const quickTask = "spec: {trainer: {randomForest: {nEstimators: 20}}, dataset: {synthetic: {kind: uniform}}}\n";

let system: System;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "traintask-flask-"));
  const template = path.join(folder, "task.yaml");
  writeFileSync(template, quickTask);
  system = await startSystem({ args: ["--max-running", "2", "--add-task", template] });
});
afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true });
});

const text = async (call: string): Promise<string> => {
  const response = await fetch(system.url + call);
  expect(response.status).toBe(200);
  return response.text();
};
interface Counts {
  queued: number;
  running: number;
  starting: number;
  succeeded: number;
  total: number;
}
const counts = async (): Promise<Counts> => (await fetch(`${system.url}/v1/counts`)).json() as Promise<Counts>;

describe("the Flask program's calls", () => {
  it("count nothing before anything was added", async () => {
    expect(await text("/RunningTaskCount")).toBe("We have 0 running tasks.");
  });

  it("run twenty tasks added at once, never more than maxRunning at a time", { timeout: 180_000 }, async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => text("/AddTask")));
    expect(new Set(answers)).toEqual(new Set(["Success"]));
    let most = 0;
    await until(
      "all twenty have succeeded",
      async () => {
        const said = await text("/RunningTaskCount");
        expect(said).toMatch(/^We have [0-9]+ running tasks\.$/);
        most = Math.max(most, Number(said.split(" ")[2]));
        const now = await counts();
        expect(now.total).toBe(20);
        expect(now.running + now.starting).toBeLessThanOrEqual(2);
        return now.succeeded === 20 ? true : undefined;
      },
      { withinMs: 150_000, everyMs: 20 },
    );
    expect(most).toBeLessThanOrEqual(2);
    expect(await text("/RunningTaskCount")).toBe("We have 0 running tasks.");
  });
});

describe("the Flask program's task, which GET /AddTask submits unless told otherwise", () => {
  let own: System;
  beforeAll(async () => {
    own = await startSystem();
  });
  afterAll(async () => {
    await own.stop();
  });

  it("searches for ten generations, and leaves a pipeline that predicts", { timeout: 240_000 }, async () => {
    const get = async (call: string): Promise<string> => {
      const response = await fetch(own.url + call);
      const said = await response.text();
      expect([call, response.status, said]).toEqual([call, 200, expect.stringMatching(/./)]);
      return said;
    };
    expect(await get("/AddTask")).toBe("Success");
    const { items } = JSON.parse(await get("/v1/tasks")) as { items: { metadata: { name: string } }[] };
    const { name } = items[0]!.metadata;
    const { links } = await taskIn(own, name, { states: ["Succeeded"], withinMs: 200_000 });
    expect(links).toHaveProperty("trials");

    const log = await get(`/v1/tasks/${name}/logs`);
    const generations = [...log.matchAll(/Generation (\d+) - Current best internal CV score: -0\.\d+/g)];
    expect(generations.map(([, generation]) => Number(generation))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const best = /Best pipeline: (.+)/.exec(log)?.[1];

    const [header] = (await get(`/v1/tasks/${name}/model`)).split("\n");
    expect(JSON.parse(header!)).toMatchObject({ trainer: "search", search: { pipeline: best } });
    const trials = (await get(`/v1/tasks/${name}/trials`)).trimEnd().split("\n");
    expect(trials.length).toBeGreaterThan(20);
    expect(await get(`/v1/tasks/${name}/trials?format=csv`)).toContain(best!.includes(",") ? `"${best}"` : best);
    expect(JSON.parse(await get(`/v1/tasks/${name}/report`))).toMatchObject({ kind: "report" });
    const predicted = await fetch(`${own.url}/v1/tasks/${name}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ rows: [{ x1: 0.5, x2: 0.25 }] }),
    });
    expect(await predicted.json()).toEqual({ predictions: [{ value: expect.any(Number) }] });
  });
});
