/**
 * Pipelines that do what no pipeline may, in real processes: the search ends, with the right answer, and names each. Time
 * stands still until all others have ended, so that the machine's pace decides nothing.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { systemClock } from "../clock.ts";
import { operators as allOperators } from "../operators/table.ts";
import { bundledTrainer } from "../scripted-fleet.ts";
import { scriptedApi } from "../scripted-api.ts";
import { attempt, searchConfig, trialsOf } from "./scripted-attempt.ts";
import { faults, operators, pipeline, step } from "./scripted-operators.ts";
import { pipelineText } from "./pipeline.ts";
import { trialPool } from "./pool.ts";
import { readHere } from "./reading.ts";
import type { SearchReport } from "./search-report.ts";
import type { Prepared, Searcher } from "./searcher.ts";
import { type Proposal, strategyOf } from "./strategy.ts";
import { TrialProcess } from "./trial-process.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

const folder = mkdtempSync(path.join(tmpdir(), "traintask-bundle-"));
const program = pathToFileURL(path.join(folder, "trainer-search-trial-child.mjs"));
const moreOperators = new URL("./scripted-operators.ts", import.meta.url).href;
beforeAll(() => bundledTrainer(folder), 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** The bad ones first, the best one last. */
const proposals: Proposal[] = [
  ...["loops", "sorts", ...Object.keys(faults).filter((name) => !["loops", "sorts"].includes(name))].map((name) =>
    pipeline(name, "mean"),
  ),
  ...[3, 1, 0].map((by) => pipeline("times", step("mean", { by }))),
].map((proposed, trial) => ({
  trial,
  generation: 0,
  pipeline: proposed,
  text: pipelineText(proposed),
  origin: "random",
  parents: [],
}));
const endless = 2;

async function prepared(config: ReturnType<typeof searchConfig>, ended: () => number): Promise<Prepared> {
  const spec = config.trainer.search!;
  const table = await readHere({ config, spec, access: {} });
  const { ridge } = allOperators;
  const judge = strategyOf(spec, { problemType: "regression", seed: 1, operators: { ridge } });
  const monotonic = (): number => (ended() < proposals.length - endless ? 0 : 3_600_000);
  const limits = { timeMs: 60_000, memoryBytes: 128 * 2 ** 20 };
  const start = (): TrialProcess =>
    new TrialProcess(
      { data: table.data, fitBytes: 2 ** 26, cacheBytes: 2 ** 20, limits, moreOperators, program },
      { ...systemClock, monotonic },
    );
  return {
    table,
    spec,
    operators,
    strategy: { ...judge, total: proposals.length, next: (results) => (results.length === 0 ? proposals : undefined) },
    // One more than there are that never end.
    pool: trialPool({ start, processes: endless + 1, clock: systemClock }),
    processes: endless + 1,
  };
}

test("a search with pipelines that hang, fill the memory, throw and exit ends with the right one and names each", async () => {
  const api = scriptedApi();
  const config = searchConfig();
  const log: string[] = [];
  let made: Prepared | undefined;
  const ended = (): number => api.text("trials").split("\n").length - 1;
  const close = (): void => made?.pool.close();
  const searcher: Searcher = {
    prepare: async () => (made = await prepared(config, ended)),
    close,
    [Symbol.dispose]: close,
  };
  try {
    await attempt(api, { config, searcher, log: (line) => log.push(line) });
  } finally {
    close();
  }
  const memory = { cause: "memory", message: "took more than 128 MiB of memory and was given up" };
  const time = { cause: "time", message: "took longer than 60 s (maxEvalTimeSeconds) and was given up" };
  const failed = trialsOf(api).flatMap(({ pipeline: text, error }) => (error === undefined ? [] : [{ text, error }]));
  expect(Object.fromEntries(failed.map(({ text, error }) => [text, error]))).toEqual({
    "loops > mean(by=0)": time,
    "sorts > mean(by=0)": time,
    "fillsHeap > mean(by=0)": memory,
    "fillsArrays > mean(by=0)": memory,
    "fillsWasm > mean(by=0)": memory,
    "throws > mean(by=0)": { cause: "error", message: "throws: a step that does not go on" },
    "throwsText > mean(by=0)": { cause: "error", message: "throwsText: no error at all" },
    "exits > mean(by=0)": { cause: "crash", message: "ended its process: exit code 3" },
  });
  const report = JSON.parse(api.text("report")) as SearchReport;
  expect(report.search).toMatchObject({
    pipeline: "times(factor=2) > mean(by=0)",
    evaluations: { done: proposals.length },
    failed: { time: 2, memory: 3, crash: 1, error: 2 },
  });
  expect(report.warnings).toEqual([
    "2 pipelines were given up for time (maxEvalTimeSeconds): where there is more of it, the search may find another model.",
    "3 pipelines were given up for memory: where there is more of it, the search may find another model.",
  ]);
  for (const { text } of failed.filter(({ error }) => error.cause !== "error"))
    expect(log.filter((line) => line.startsWith("Trial ") && line.includes(text))).toHaveLength(1);
});
