/** Boosting through the whole run: its iterations need each other, so a stored one is replayed before others follow. */
import { describe, expect, test } from "vitest";
import { mergeParts } from "../model/merge.ts";
import { readModel } from "../model/predict.ts";
import { ConfigurationError } from "./errors.ts";
import type { Report } from "./report.ts";
import { type ScriptedApi, scriptedApi } from "./scripted-api.ts";
import { attempt, grower, Killed, linesOf, podConfig } from "./scripted-run.ts";

const boosting = (
  options: object = {},
  dataset: object = { synthetic: { kind: "friedman1", rows: 150, columns: 5 } },
) => podConfig({ trainer: { gradientBoosting: { maxIter: 12, minSamplesLeaf: 5, ...options } }, dataset });
/** Stops after a few of its thousand iterations. */
const stopping = () => boosting({ maxIter: 1000, earlyStopping: { nIterNoChange: 2, tol: "0.5" } });

async function undisturbed(config = boosting()): Promise<ScriptedApi> {
  const api = scriptedApi();
  await attempt(api, { config });
  return api;
}
const iterationsOf = (api: ScriptedApi): number[] =>
  linesOf(api)
    .slice(1)
    .map((line) => (JSON.parse(line) as { iteration: number }).iteration);

describe("a run of boosting", () => {
  test("stores a header and each iteration once, in order, a model that predicts, and the report", async () => {
    const api = await undisturbed();
    expect(iterationsOf(api)).toEqual(Array.from({ length: 12 }, (_, index) => index));
    const model = await readModel(mergeParts([() => linesOf(api)]));
    expect(model.end).toMatchObject({ iterations: 12 });
    const report = JSON.parse(api.text("report")) as Report;
    expect(report).toMatchObject({ iterations: { grown: 12, asked: 12 }, rows: { train: 120, test: 30 } });
    expect(report.score).toMatch(/^R2 0\.\d\d$/);
  });

  test("tells its progress in iterations", async () => {
    const api = scriptedApi();
    const lines = await attempt(api, { config: boosting() });
    expect(lines[0]).toMatch(/^Growing 12 iterations with traintask-boosting\/\d+: regression from 120 rows/);
    expect(lines).toContainEqual(expect.stringMatching(/^12 of 12 iterations, R2 /));
    const { trainerStatus } = api.progress.at(-1)!;
    expect(trainerStatus).toMatchObject({ progressPercentage: 100, estimatedRemainingSeconds: 0 });
    expect(trainerStatus.metrics).toContainEqual({ name: "iterations", value: "12" });
  });

  test("is done where early stopping ends it, at 100 percent", async () => {
    const api = scriptedApi();
    const lines = await attempt(api, { config: stopping() });
    const grown = iterationsOf(api).length;
    expect(grown).toBeLessThan(100);
    expect(lines).toContainEqual(`Early stopping ended it after ${grown} of 1000 iterations.`);
    expect([api.part("model").done, api.part("report").done]).toEqual([true, true]);
    expect(JSON.parse(api.text("report"))).toMatchObject({ iterations: { grown, asked: 1000 } });
    const { trainerStatus } = api.progress.at(-1)!;
    expect(trainerStatus).toMatchObject({ progressPercentage: 100, estimatedRemainingSeconds: 0 });
  });

  test("refuses options that do not fit the data, by their names", async () => {
    const run = attempt(scriptedApi(), { config: boosting({ loss: "logLoss" }) });
    await expect(run).rejects.toThrow(ConfigurationError);
    await expect(run).rejects.toThrow(/^spec\.trainer\.gradientBoosting\.loss: /);
  });
});

describe("a run of boosting that is killed", () => {
  const configs = {
    regression: boosting(),
    "three classes": boosting({}, { synthetic: undefined, csv: threeClasses(), target: "kind" }),
    "early stopping": stopping(),
  };
  test.each(Object.entries(configs))("ends in the same bytes wherever it died: %s", async (_, config) => {
    const expected = await undisturbed(config);
    const puts = expected.part("model").chunks.length + expected.part("report").chunks.length + 2;
    for (let fatal = 0; fatal < puts; fatal++) {
      const api = scriptedApi();
      let put = 0;
      api.script = (moment) => {
        if (moment === "after" && put++ === fatal) throw new Killed();
      };
      await expect(attempt(api, { config })).rejects.toThrow(Killed);
      await attempt(api, { config });
      expect(api.text("model")).toBe(expected.text("model"));
      expect(api.text("report")).toBe(expected.text("report"));
    }
  });

  test("replays what is stored and grows no iteration again", async () => {
    const api = scriptedApi();
    const all = await undisturbed();
    const stored = `${linesOf(all).slice(0, 6).join("\n")}\n`;
    api.part("model").chunks = [{ offset: 0, bytes: Buffer.from(stored) }];
    const made = grower(boosting());
    const grown: number[] = [];
    await attempt(api, {
      config: boosting(),
      grower: { ...made, grow: (index) => (grown.push(index), made.grow(index)) },
    });
    expect(grown).toEqual([5, 6, 7, 8, 9, 10, 11]);
    expect(api.text("model")).toBe(all.text("model"));
  });

  test("notices an iteration that does not lead to its loss", async () => {
    const api = scriptedApi();
    const [header, first, second] = linesOf(await undisturbed());
    const changed = first!.replace(/"train":[0-9.]+/, '"train":1.5');
    api.part("model").chunks = [{ offset: 0, bytes: Buffer.from(`${header}\n${changed}\n${second}\n`) }];
    await expect(attempt(api, { config: boosting() })).rejects.toThrow(/loss/);
    expect(api.text("model")).not.toContain('"iteration":2');
  });
});

function threeClasses(): string {
  const rows = Array.from({ length: 90 }, (_, row) => `${row % 9},${(row * 7) % 11},${["ant", "bee", "cat"][row % 3]}`);
  return `x,z,kind\n${rows.join("\n")}\n`;
}
