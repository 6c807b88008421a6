/** Real processes: whatever a trial does, its process ends in time and says why. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { systemClock, type TrainerClock } from "../clock.ts";
import { OutOfMemoryError } from "../errors.ts";
import { bundledTrainer } from "../scripted-fleet.ts";
import { Evaluator } from "./evaluate.ts";
import { trialData } from "./scripted-data.ts";
import { faults, operators, pipeline, step, steps } from "./scripted-operators.ts";
import type { TrialAnswer } from "./trial-orders.ts";
import { TrialProcess, type TrialStart } from "./trial-process.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const mebibyte = 2 ** 20;
const bounds = { fitBytes: 64 * mebibyte, cacheBytes: mebibyte };
const limits = { timeMs: 600_000, memoryBytes: 128 * mebibyte };
const moreOperators = new URL("./scripted-operators.ts", import.meta.url).href;

const folder = mkdtempSync(path.join(tmpdir(), "traintask-bundle-"));
const program = pathToFileURL(path.join(folder, "trainer-search-trial-child.mjs"));
beforeAll(() => bundledTrainer(folder), 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const started: TrialProcess[] = [];
function start(overrides: Partial<TrialStart> = {}, clock: TrainerClock = systemClock): TrialProcess {
  const process = new TrialProcess(
    { data: trialData(), ...bounds, limits, moreOperators, program, ...overrides },
    clock,
  );
  started.push(process);
  return process;
}
afterEach(() => started.splice(0).forEach((process) => process.close()));

async function evaluated(process: TrialProcess, ...parts: Parameters<typeof pipeline>): Promise<TrialAnswer> {
  await process.ready;
  return process.run({ evaluate: { pipeline: pipeline(...parts) } });
}
/** Of a process that was killed and waited for, nothing is left. */
async function gone(pid: number | undefined): Promise<void> {
  await vi.waitFor(() => expect(() => process.kill(pid!, 0)).toThrow("ESRCH"), { timeout: 60_000, interval: 20 });
}

describe("a trial process", () => {
  test("scores pipelines as they are scored here, one after the other, until it is closed", async () => {
    const one = start();
    const here = new Evaluator(trialData(), { operators, steps, ...bounds });
    for (const by of [0, 3]) {
      const trial = pipeline("times", step("mean", { by }));
      expect(await evaluated(one, ...trial)).toEqual({ scores: here.evaluate({ pipeline: trial }) });
    }
    one.close();
    expect(one.ended).toBe(true);
    expect(await evaluated(one, "mean")).toEqual({ error: { cause: "crash", message: "its process was closed" } });
    await gone(one.pid);
  });

  test("from the sources knows the trainer's own operators, and those of no other module unless it is named", async () => {
    const one = start({ moreOperators: undefined, program: undefined });
    const answer = await evaluated(one, { operator: "standardScaler", parameters: {} }, step("mean"));
    expect(answer).toEqual({ error: { cause: "error", message: "there is no operator mean" } });
  });

  test("fits a pipeline on all rows, and goes on", async () => {
    const one = start();
    await one.ready;
    const order = { pipeline: pipeline("mean"), maxModelBytes: 1e6, maxLineBytes: 1e6 };
    const answer = await one.run({ refit: order });
    expect(answer).toEqual({
      refitted: {
        lines: [
          '{"kind":"step","step":0,"operator":"input","fitted":{"columns":[{"fill":6.5}]}}',
          '{"kind":"step","step":1,"operator":"mean","fitted":{"value":13}}',
        ],
      },
    });
  });

  test("whose rows do not fit is no trial's fault", async () => {
    const one = start({ limits: { ...limits, memoryBytes: mebibyte } });
    await expect(one.ready).rejects.toThrow(OutOfMemoryError);
    await gone(one.pid);
  });

  test("that cannot begin says why", async () => {
    const one = start({ moreOperators: "file:///no/module.ts" });
    await expect(one.ready).rejects.toThrow(/could not be started: .*no\/module/);
  });
});

describe("a trial that", () => {
  test("throws is an error, and its process goes on", async () => {
    const one = start();
    expect(await evaluated(one, "throws", "mean")).toEqual({
      error: { cause: "error", message: "throws: a step that does not go on" },
    });
    expect(await evaluated(one, "mean")).toHaveProperty("scores");
  });

  test("would take too much memory is told so beforehand, and its process goes on", async () => {
    const one = start();
    expect(await evaluated(one, "greedy", "mean")).toMatchObject({
      error: { cause: "memory", message: expect.stringMatching(/^greedy: would take 7,\d+ MiB, more than 64 MiB$/) },
    });
    expect(one.ended).toBe(false);
  });

  test("ends its process has crashed", async () => {
    const one = start();
    expect(await evaluated(one, "exits", "mean")).toEqual({
      error: { cause: "crash", message: "ended its process: exit code 3" },
    });
    expect(one.ended).toBe(true);
  });

  const hungry = Object.keys(faults).filter((name) => name.startsWith("fills"));
  test.each(hungry)("takes memory without end is killed for it: %s", async (name) => {
    const one = start();
    expect(await evaluated(one, name, "mean")).toEqual({
      error: { cause: "memory", message: "took more than 128 MiB of memory and was given up" },
    });
    await gone(one.pid);
  });

  test.each(["loops", "sorts"])("never ends is killed when its time is over: %s", async (name) => {
    // The time is over at the second look.
    let looks = 0;
    const clock = { ...systemClock, monotonic: () => (looks++ === 0 ? 0 : 5001) };
    const one = start({ limits: { ...limits, timeMs: 5000 } }, clock);
    await one.ready;
    looks = 0;
    expect(await evaluated(one, name, "mean")).toEqual({
      error: { cause: "time", message: "took longer than 5 s (maxEvalTimeSeconds) and was given up" },
    });
    await gone(one.pid);
  });

  test.each(["SIGKILL", "SIGABRT", "SIGTRAP"] as const)("is ended by the system for memory: %s", async (signal) => {
    const one = start();
    await one.ready;
    const answer = evaluated(one, "loops", "mean");
    process.kill(one.pid!, signal);
    expect(await answer).toMatchObject({ error: { cause: "memory" } });
  });

  test("gets Ctrl-C from the terminal does not hear it", async () => {
    const one = start();
    await one.ready;
    process.kill(one.pid!, "SIGINT");
    expect(await evaluated(one, "mean")).toHaveProperty("scores");
  });
});
