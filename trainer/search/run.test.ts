import { beforeAll, describe, expect, test } from "vitest";
import { DataError } from "../../data/error.ts";
import { pipelineReader } from "../../model/steps/pipeline.ts";
import { random } from "../../traintask/random.ts";
import { trialSchema } from "../../traintask/trials.ts";
import { ConfigurationError, StoppedError, TemporaryError } from "../errors.ts";
import { type ScriptedApi, scriptedApi } from "../scripted-api.ts";
import { hastyClock } from "../scripted-clock.ts";
import { Killed } from "../scripted-run.ts";
import type { SearchReport } from "./search-report.ts";
import { steps } from "./scripted-operators.ts";
import { type ScriptedSearch } from "./scripted-searcher.ts";
import { attempt, outcome, searchConfig, trialsOf } from "./scripted-attempt.ts";

const recording = (): ScriptedSearch & { evaluated: string[]; refitted: string[] } => ({ evaluated: [], refitted: [] });
const reportOf = (api: ScriptedApi): SearchReport => JSON.parse(api.text("report")) as SearchReport;
const modelLines = (api: ScriptedApi): { kind: string; step?: number; operator?: string; fitted?: object }[] =>
  api
    .text("model")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

let undisturbed: ScriptedApi;
let log: string[];
beforeAll(async () => {
  undisturbed = scriptedApi();
  log = await attempt(undisturbed);
});

describe("a search that nothing disturbs", () => {
  test("stores each trial once, as the API takes it, and marks all streams as done", () => {
    const trials = trialsOf(undisturbed);
    expect(trials).toHaveLength(20);
    expect(trials.map(({ trial }) => trial).toSorted((a, b) => a - b)).toEqual(trials.map((_, index) => index));
    for (const trial of trials) expect(trialSchema.safeParse(trial).error).toBeUndefined();
    for (const stream of ["trials", "model", "report"] as const) expect(undisturbed.part(stream).done).toBe(true);
  });

  test("says in its first trial what is searched, and in each how long it took", () => {
    const [first, ...others] = trialsOf(undisturbed);
    expect(first!.of).toMatchObject({ grower: "traintask-search/1", data: expect.stringMatching(/^sha256:/) });
    expect(others.every(({ of }) => of === undefined)).toBe(true);
    expect([first!, ...others].every(({ seconds, elapsed }) => seconds === 0.5 && elapsed >= 0)).toBe(true);
  });

  test("leaves the best pipeline as its model, which can be read", () => {
    const [header, ...lines] = modelLines(undisturbed);
    const { pipeline } = reportOf(undisturbed).search;
    const best = trialsOf(undisturbed).toSorted((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity))[0]!;
    expect(best.score).toBe(reportOf(undisturbed).search.cv.score);
    expect(header).toMatchObject({ trainer: "search", rows: 32, search: { pipeline, steps: lines.length } });
    expect(lines.map(({ step }) => step)).toEqual([...lines.keys()]);
    const reader = pipelineReader({ columns: 5, classes: undefined }, steps);
    for (const { operator = "", fitted = {} } of lines) reader.add({ operator, fitted });
    const { values } = reader.finish().apply({ rows: 1, columns: 5, values: new Float64Array(5) });
    expect(Number.isFinite(values[0])).toBe(true);
  });

  test("reports what it tried and found", () => {
    const report = reportOf(undisturbed);
    expect(report).toMatchObject({
      kind: "report",
      version: 1,
      problemType: "regression",
      target: "y",
      rows: { train: 32, test: 8 },
      heldOut: { rows: 8 },
      search: {
        strategy: "evolution",
        evaluations: { done: 20, asked: 20 },
        cv: { scoring: "neg_mean_squared_error" },
        timeIsUp: false,
      },
      warnings: [],
    });
    expect(report.score).toMatch(/^R2 -?\d/);
    expect(report.search.cv.scores).toHaveLength(5);
    expect(report.search.front[0]).toMatchObject({ pipeline: report.search.pipeline, score: report.search.cv.score });
    const failed = trialsOf(undisturbed).filter(({ error }) => error !== undefined).length;
    expect(report.search.failed).toEqual(failed === 0 ? {} : { error: failed });
    expect(report.curve.map(({ generation }) => generation)).toEqual([0, 1, 2, 3]);
    expect(report.curve.at(-1)!.score).toBe(report.search.cv.score);
  });

  test("logs as TPOT did", () => {
    const best = reportOf(undisturbed).search;
    expect(log[0]).toMatch(/^Searching with traintask-search\/1 \(evolution, 20 evaluations at most, 1 at a time\)/);
    expect(log.filter((line) => /^Generation \d - Current best internal CV score: -\d/.test(line))).toHaveLength(3);
    expect(log.find((line) => line.startsWith("Generation 3"))).toContain(String(best.cv.score));
    expect(log).toContain(`Best pipeline: ${best.pipeline}`);
    expect(log.at(-1)).toBe("Model and report are stored.");
  });

  test("tells its progress in evaluations, and in the end the score of the report", () => {
    const last = undisturbed.progress.at(-1)!;
    expect(last.trainerStatus).toMatchObject({ progressPercentage: 100, estimatedRemainingSeconds: 0 });
    expect(last.trainerStatus.metrics).toContainEqual({ name: "evaluations", value: "20" });
    expect(last.curve).toMatch(/^[▁▂▃▄▅▆▇█]{4}$/);
    expect(last.score).toBe(reportOf(undisturbed).score);
  });

  test("shows the score of the cross-validation where no row is held out", async () => {
    const api = scriptedApi();
    await attempt(api, { config: searchConfig({}, { dataset: { testFraction: "0" } }) });
    const report = reportOf(api);
    expect(report).not.toHaveProperty("heldOut");
    expect(report.score).toBe(`cv ${report.search.cv.score.toPrecision(3)}`);
  });

  test("does nothing where all is stored", async () => {
    const search = recording();
    expect(await attempt(undisturbed, { search })).toEqual(["Everything is stored already."]);
    expect(search).toEqual({ evaluated: [], refitted: [] });
  });
});

describe("a search that is killed", () => {
  test.each([1, 2, 3, 4, 5, 6])("again and again ends with the same model and report: seed %i", async (seed) => {
    const strategy = (["evolution", "random", "halving"] as const)[seed % 3];
    const config = searchConfig({ strategy }, { seed });
    const alone = scriptedApi();
    await attempt(alone, { config });
    const api = scriptedApi();
    const generator = random(seed);
    const search = recording();
    let deaths = 0;
    for (;;) {
      let isDead = false;
      api.script = () => {
        if (isDead || (deaths < 8 && generator.below(3) === 0)) {
          isDead = true;
          throw new Killed();
        }
      };
      const ended = await attempt(api, { config, search }).catch((error: unknown) => error);
      if (Array.isArray(ended)) break;
      expect(ended).toBeInstanceOf(Killed);
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(0);
    expect(outcome(api)).toEqual(outcome(alone));
    const trials = trialsOf(api);
    expect(new Set(trials.map(({ trial }) => trial)).size).toBe(trials.length);
  });

  test("evaluates nothing again that is stored", async () => {
    const api = scriptedApi();
    api.script = (moment, { stream, last }) => {
      if (stream === "trials" && last && moment === "before") throw new Killed();
    };
    await expect(attempt(api)).rejects.toThrow(Killed);
    api.script = () => undefined;
    const search = recording();
    const lines = await attempt(api, { search });
    expect(lines).toContain("Going on after 20 evaluations of an earlier attempt.");
    expect(search.evaluated).toEqual([]);
    expect(search.refitted).toHaveLength(1);
    expect(outcome(api)).toEqual(outcome(undisturbed));
  });

  test("after its trials were all there takes them for all that there will be", async () => {
    const api = scriptedApi();
    await attempt(api, { config: searchConfig({ generations: 1 }) });
    const trials = api.part("trials");
    const resumed = scriptedApi();
    // As if its time had been over after these.
    resumed.part("trials").chunks.push({ offset: 0, bytes: Buffer.from(api.text("trials")) });
    resumed.part("trials").done = trials.done;
    const search = recording();
    const first = trialsOf(api)[0]!;
    const text = api.text("trials").replace(first.of!.spec, trialsOf(undisturbed)[0]!.of!.spec);
    resumed.part("trials").chunks[0] = { offset: 0, bytes: Buffer.from(text) };
    await attempt(resumed, { search });
    expect(search.evaluated).toEqual([]);
    expect(reportOf(resumed).search).toMatchObject({ evaluations: { done: 10, asked: 20 }, timeIsUp: true });
  });

  test("between model and report reports on the model that is stored", async () => {
    const api = scriptedApi();
    api.script = (moment, { stream }) => {
      if (stream === "report" && moment === "before") throw new Killed();
    };
    await expect(attempt(api)).rejects.toThrow(Killed);
    expect(api.part("model").done).toBe(true);
    api.script = () => undefined;
    const stored = api.text("model");
    await attempt(api);
    expect(api.text("model")).toBe(stored);
    expect(api.text("report")).toBe(undisturbed.text("report"));
  });
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
    const [header, ...lines] = modelLines(api);
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
    const [header] = modelLines(api);
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
    expect(modelLines(api)[0]).toMatchObject({ search: { pipeline: report.search.pipeline } });
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

describe("a search that cannot have its model", () => {
  test("takes the next best where the best cannot be fitted on all rows, and warns", async () => {
    const api = scriptedApi();
    const { pipeline } = reportOf(undisturbed).search;
    const search = recording();
    search.answerRefit = (text) => (text === pipeline ? { cause: "error", message: "not on all rows" } : undefined);
    await attempt(api, { search });
    const report = reportOf(api);
    expect(report.search.pipeline).not.toBe(pipeline);
    expect(report.warnings).toEqual([
      `${pipeline} could not be fitted on all rows (not on all rows), so the next best was taken.`,
    ]);
  });

  test("names the commonest reasons where nothing could be evaluated", async () => {
    const search = recording();
    search.answer = () => ({ cause: "error", message: "ridge(alpha=1): the rows are all alike" });
    const error: unknown = await attempt(scriptedApi(), { search }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toBe(
      "None of 20 pipelines could be evaluated. 20 times: ridge: the rows are all alike.",
    );
  });

  test("says what would help where nothing was evaluated in time", async () => {
    const search = recording();
    search.answer = () => ({ cause: "time", message: "took longer than 1 s (maxEvalTimeSeconds) and was given up" });
    await expect(attempt(scriptedApi(), { search })).rejects.toMatchObject({
      name: "ConfigurationError",
      advice: expect.stringContaining("spec.trainer.search.maxEvalTimeSeconds"),
    });
  });

  test("refuses a model that is too large for the API, and takes a smaller one", async () => {
    const api = scriptedApi();
    const whole = Buffer.byteLength(undisturbed.text("model"));
    await attempt(api, { config: searchConfig({}, { maxModelBytes: whole }) });
    expect(api.text("model")).toBe(undisturbed.text("model"));
    await expect(attempt(scriptedApi(), { config: searchConfig({}, { maxModelBytes: 300 }) })).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringMatching(/could be fitted on all rows\. .*: its model has \d+ bytes/),
    });
  });
});

describe("a search that cannot be made as it is asked for", () => {
  const wrong: Record<string, { config: ReturnType<typeof searchConfig>; message: RegExp }> = {
    "with a scoring for classes": {
      config: searchConfig({ scoring: "accuracy" }),
      message: /^spec\.trainer\.search\.scoring: accuracy/,
    },
    "with more folds than rows": {
      config: searchConfig({ cv: 20 }, { dataset: { synthetic: { kind: "friedman1", rows: 10, columns: 5 } } }),
      message: /^spec\.trainer\.search\.cv: /,
    },
    "with weights": {
      config: searchConfig({}, { dataset: { weight: "x1" } }),
      message: /^spec\.dataset\.weight: /,
    },
  };
  test.each(Object.entries(wrong))("%s is refused by the field's name", async (_, { config, message }) => {
    const error: unknown = await attempt(scriptedApi(), { config }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toMatch(message);
  });

  async function begun(): Promise<ScriptedApi> {
    const api = scriptedApi();
    api.script = (moment, { stream, last }) => {
      if (stream === "trials" && last && moment === "before") throw new Killed();
    };
    await expect(attempt(api)).rejects.toThrow(Killed);
    api.script = () => undefined;
    return api;
  }

  test("goes on with no other data", async () => {
    const config = searchConfig({}, { dataset: { synthetic: { kind: "friedman1", rows: 41, columns: 5 } } });
    await expect(attempt(await begun(), { config })).rejects.toThrow(/^The data changed since this task began/);
  });

  test("goes on with no other spec", async () => {
    await expect(attempt(await begun(), { config: searchConfig({ generations: 4 }) })).rejects.toThrow(
      /^What this task asks for changed/,
    );
  });

  test("begins again where another version has begun it", async () => {
    const api = await begun();
    const older = api.text("trials").replace("traintask-search/1", "traintask-search/0");
    const resumed = scriptedApi();
    resumed.part("trials").chunks.push({ offset: 0, bytes: Buffer.from(older) });
    const search = recording();
    await attempt(resumed, { search });
    expect(search.evaluated).toHaveLength(20);
    expect(outcome(resumed)).toEqual(outcome(undisturbed));
    resumed.part("trials").chunks.length = 0;
    resumed.part("trials").chunks.push({ offset: 0, bytes: Buffer.from(older) });
    resumed.part("report").done = false;
    await expect(attempt(resumed)).rejects.toThrow(/ended by another version/);
  });
});

describe("an API that is away", () => {
  test("for a while costs nothing but time", async () => {
    const api = scriptedApi();
    const failures = new Map<string, number>();
    api.script = (moment, { stream, offset, last }) => {
      const key = `${moment}/${stream}/${offset}/${last}`;
      const count = failures.get(key) ?? 0;
      if (count === 2) return;
      failures.set(key, count + 1);
      throw new TemporaryError("The API answered 503: away");
    };
    await attempt(api);
    expect(outcome(api)).toEqual(outcome(undisturbed));
  });

  test("for good ends the search as temporary", async () => {
    const api = scriptedApi();
    let put = 0;
    api.script = () => {
      if (++put > 4) throw new TemporaryError("away");
    };
    await expect(attempt(api)).rejects.toThrow(TemporaryError);
  });
});
