import { beforeAll, describe, expect, test } from "vitest";
import { DataError } from "../../data/error.ts";
import { ConfigurationError } from "../errors.ts";
import { type ScriptedApi, scriptedApi } from "../scripted-api.ts";
import { Killed } from "../scripted-run.ts";
import { attempt, outcome, recording, reportOf, searchConfig } from "./scripted-attempt.ts";

let undisturbed: ScriptedApi;
beforeAll(async () => {
  undisturbed = scriptedApi();
  await attempt(undisturbed);
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
      name: "ModelTooLargeError",
      message: expect.stringMatching(/^The smallest of \d+ models has \d+ bytes/),
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
