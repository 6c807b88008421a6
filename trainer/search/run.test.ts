import { beforeAll, describe, expect, test } from "vitest";
import { pipelineReader } from "../../model/steps/pipeline.ts";
import { random } from "../../traintask/random.ts";
import { trialSchema } from "../../traintask/trials.ts";
import { TemporaryError } from "../errors.ts";
import { type ScriptedApi, scriptedApi } from "../scripted-api.ts";
import { Killed } from "../scripted-run.ts";
import { attempt, modelLinesOf, outcome, recording, reportOf, searchConfig, trialsOf } from "./scripted-attempt.ts";
import { steps } from "./scripted-operators.ts";

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
    const [header, ...lines] = modelLinesOf(undisturbed);
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
