/** A search at a terminal: the command as a person runs it, and what it says. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fromSource } from "../../scripts/from-source.ts";
import { StoppedError } from "../errors.ts";
import { operators } from "../operators/table.ts";
import { scriptedApi, sha256 } from "../scripted-api.ts";
import { merged } from "../scripted-run.ts";
import { attempt, recording, reportOf, searchConfig } from "../search/scripted-attempt.ts";
import { scriptedSearcher } from "../search/scripted-searcher.ts";
import { searchReportText } from "./search-report-text.ts";
import { foundModel } from "./train-search.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), "traintask-cli-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const search = { generations: 1, populationSize: 3, cv: 2, operators: ["ridge", "standardScaler"] };

function train(file: string, out: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = [...fromSource("trainer/cli/train.ts"), file, "--threads", "2", "--out", out];
  return new Promise((resolve) => {
    execFile(process.execPath, command, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe("npm run train", () => {
  test("writes for a search the very bytes that a pod and the API make of it, and tells what was found", async () => {
    const api = scriptedApi();
    const config = searchConfig(search);
    await attempt(api, { config, searcher: scriptedSearcher(config, recording(), operators) });
    const sealed = (await merged(api)).map((line) => `${line}\n`).join("");
    const task = {
      trainer: { search },
      dataset: { synthetic: { kind: "friedman1", rows: 40, columns: 5 }, testFraction: "0.2" },
      seed: 1,
    };
    const file = path.join(directory, "task.yaml");
    writeFileSync(file, JSON.stringify({ apiVersion: "traintask.dev/v1alpha1", kind: "TrainTask", spec: task }));
    const out = path.join(directory, "model.jsonl");
    const { code, stdout, stderr } = await train(file, out);
    expect([code, stderr]).toEqual([0, ""]);
    expect(readFileSync(out, "utf8")).toBe(sealed);
    expect(stdout).toContain(searchReportText(reportOf(api)));
    expect(stdout).toContain(sha256(sealed));
  });

  test("leaves nothing of a search that is interrupted", async () => {
    const stop = AbortSignal.abort();
    await expect(foundModel(scriptedSearcher(searchConfig()), stop)).rejects.toThrow(StoppedError);
  });
});

test("the report of a search says what was tried, what was found, and what a person should know", async () => {
  const api = scriptedApi();
  await attempt(api);
  const report = reportOf(api);
  const text = searchReportText({ ...report, warnings: ["mind this"] });
  expect(text).toMatch(/^regression of y: 20 of 20 evaluations on 32 rows, 8 held out/);
  expect(text).toContain(`best pipeline  ${report.search.pipeline}\n  neg_mean_squared_error -`);
  expect(text).toMatch(/held-out rows \(8 rows\)\n {2}r2 /);
  expect(text).toMatch(/best score by generation {2}[▁▂▃▄▅▆▇█]{4}\n/);
  expect(text.split("best of each size\n")[1]).toContain(report.search.front[0]!.pipeline);
  expect(text).toMatch(/\nwarning: mind this$/);
  expect(searchReportText({ ...report, search: { ...report.search, failed: { memory: 2 } } })).toContain(
    "held out; failed: 2 of memory",
  );
});
