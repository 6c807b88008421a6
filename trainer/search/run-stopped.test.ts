import { beforeAll, describe, expect, test } from "vitest";
import { StoppedError } from "../errors.ts";
import { type ScriptedApi, scriptedApi } from "../scripted-api.ts";
import { hastyClock } from "../scripted-clock.ts";
import { Killed } from "../scripted-run.ts";
import { attempt, modelLinesOf, outcome, recording, reportOf, searchConfig, trialsOf } from "./scripted-attempt.ts";

let undisturbed: ScriptedApi;
beforeAll(async () => {
  undisturbed = scriptedApi();
  await attempt(undisturbed);
});

describe("a search that is asked to stop", () => {
  /** Asks to stop during the trial of this number, which then takes longer than anything. */
  async function stopped(api: ScriptedApi, at: number, search = recording()): Promise<unknown> {
    const stop = new AbortController();
    let count = 0;
    search.turns = () => {
      if (count++ < at) return 2;
      if (!stop.signal.aborted) setImmediate(() => stop.abort());
      return 1_000_000;
    };
    return attempt(api, { stop: stop.signal, search }).catch((error: unknown) => error);
  }

  test("stores its trials and the best pipeline so far, fitted, and marks neither as done", async () => {
    const api = scriptedApi();
    expect(await stopped(api, 8)).toBeInstanceOf(StoppedError);
    const trials = trialsOf(api);
    expect(trials.length).toBeGreaterThanOrEqual(5);
    expect(trials.length).toBeLessThan(20);
    const best = trials.filter(({ best: isBest }) => isBest).at(-1)!;
    const [header, ...lines] = modelLinesOf(api);
    expect(header).toMatchObject({ search: { pipeline: best.pipeline, steps: best.size + 1 } });
    expect(lines).toHaveLength(best.size + 1);
    for (const stream of ["trials", "model", "report"] as const) expect(api.part(stream).done).toBe(false);
  });

  test("and goes on ends as if it had not been, however often", async () => {
    const api = scriptedApi();
    for (const at of [2, 6, 0, 7]) expect(await stopped(api, at)).toBeInstanceOf(StoppedError);
    await attempt(api);
    expect(outcome(api)).toEqual(outcome(undisturbed));
  });

  test("adds nothing where the best so far is stored", async () => {
    const api = scriptedApi();
    await stopped(api, 8);
    const stored = api.text("model");
    await stopped(api, 0);
    expect(api.text("model")).toBe(stored);
  });

  test("before any trial has ended has no model", async () => {
    const api = scriptedApi();
    expect(await stopped(api, 0)).toBeInstanceOf(StoppedError);
    expect(api.text("model")).toBe("");
    expect(api.text("trials")).toBe("");
  });

  test("takes the pipeline that is fitted where a better one is not fitted in time", async () => {
    const api = scriptedApi();
    const search = recording();
    let count = 0;
    search.answerRefit = () => (count++ === 0 ? undefined : { cause: "time", message: "too long" });
    expect(await stopped(api, 12, search)).toBeInstanceOf(StoppedError);
    const [header] = modelLinesOf(api);
    expect(header).toMatchObject({ search: { pipeline: search.refitted[0] } });
  });
});

describe("a search whose time is over", () => {
  /** So many seconds go by in each trial. */
  const slow = (seconds: number) => {
    const clock = hastyClock();
    let now = 0;
    const sleepers = new Set<() => void>();
    return {
      search: {
        ...recording(),
        answer: () => {
          now += seconds * 1000;
          for (const wake of sleepers) wake();
          return undefined;
        },
      },
      clock: {
        ...clock,
        monotonic: () => now,
        sleep: (ms: number, signal?: AbortSignal) => {
          if (ms < 20_000) return clock.sleep(0, signal);
          const until = now + ms;
          return new Promise<void>((resolve) => {
            sleepers.add(() => now >= until && resolve());
            signal?.addEventListener("abort", () => resolve());
          });
        },
      },
    };
  };
  const config = searchConfig({ maxTimeSeconds: 70 });

  test("ends well with the best so far, and says so", async () => {
    const api = scriptedApi();
    await attempt(api, { config, ...slow(10) });
    const report = reportOf(api);
    expect(report.search.timeIsUp).toBe(true);
    expect(report.search.evaluations.done).toBeLessThan(20);
    expect(report.warnings).toContain("maxTimeSeconds ended the search: with more time it may find another model.");
    expect(api.part("trials").done).toBe(true);
    expect(modelLinesOf(api)[0]).toMatchObject({ search: { pipeline: report.search.pipeline } });
  });

  test("counts the time of earlier attempts", async () => {
    const api = scriptedApi();
    api.script = (moment, { stream, offset }) => {
      if (stream === "trials" && offset > 0 && moment === "before") throw new Killed();
    };
    await expect(attempt(api, { config, ...slow(1) })).rejects.toThrow(Killed);
    const { elapsed } = trialsOf(api).at(-1)!;
    expect(elapsed).toBeGreaterThan(0);
    api.script = () => undefined;
    const again = scriptedApi();
    const late = api.text("trials").replaceAll(/"elapsed":[\d.]+/g, '"elapsed":69.5');
    again.part("trials").chunks.push({ offset: 0, bytes: Buffer.from(late) });
    await attempt(again, { config, ...slow(1) });
    expect(reportOf(again).search.timeIsUp).toBe(true);
    expect(trialsOf(again).length).toBeLessThanOrEqual(trialsOf(api).length + 5);
  });
});
