import { describe, expect, test } from "vitest";
import { StoppedError } from "../errors.ts";
import type { Evaluated } from "./pool.ts";
import { pipeline, step } from "./scripted-operators.ts";
import { search, type SearchOptions } from "./search.ts";
import type { Proposal, Result, Strategy } from "./strategy.ts";
import { type NewRecord, trialKey, type TrialRecord } from "./trials.ts";

/** Two batches of three: the pipelines of the second are told by the best of the first. */
function strategy(): Strategy {
  const proposal = (trial: number, by: number): Proposal => ({
    trial,
    generation: Math.floor(trial / 3),
    pipeline: pipeline(step("mean", { by })),
    text: `mean(by=${by})`,
    origin: "random",
    parents: [],
  });
  const best = (results: readonly Result[]): Result | undefined =>
    results.reduce<Result | undefined>(
      (found, one) => (one.score !== undefined && one.score > (found?.score ?? -Infinity) ? one : found),
      undefined,
    );
  return {
    total: 6,
    next(results) {
      if (results.length === 0) return [0, 1, 2].map((trial) => proposal(trial, trial));
      if (results.length > 3) return undefined;
      const [, found] = /=(\d)/.exec(best(results)?.text ?? "") ?? [];
      return [3, 4, 5].map((trial) => proposal(trial, trial + Number(found ?? 0)));
    },
    front: () => [],
    best,
  };
}

type Evaluate = SearchOptions["evaluate"];
const byParameter: Evaluate = async ({ pipeline: [only] }) => scored(Number(only!.parameters["by"]));
function scored(score: number): Evaluated {
  return { outcome: { scores: [score - 1, score + 1] }, seconds: 0.25 };
}

interface Played {
  records: NewRecord[];
  known: number[];
  best: string[];
  batches: [number, boolean][];
  end: Awaited<ReturnType<typeof search>>;
}
async function played(options: Partial<SearchOptions> = {}): Promise<Played> {
  const [records, known, best, batches]: [NewRecord[], number[], string[], [number, boolean][]] = [[], [], [], []];
  const end = await search({
    strategy: strategy(),
    evaluate: byParameter,
    stored: [],
    over: new AbortController().signal,
    onKnown: ({ trial }) => known.push(trial),
    onTrial: async (record) => void records.push(record),
    onBest: ({ text }) => best.push(text),
    onBatch: ({ generation, known: isKnown }) => batches.push([generation, isKnown]),
    ...options,
  });
  return { records, known, best, batches, end };
}
const stored = (records: readonly NewRecord[]): TrialRecord[] => records.map((record) => ({ ...record, elapsed: 1 }));

describe("a search", () => {
  test("asks batch after batch, and records each trial as it ends", async () => {
    const { records, batches, best, end } = await played();
    expect(end.complete).toBe(true);
    expect(end.trials.map(({ result }) => [result.trial, result.text, result.score])).toEqual([
      [0, "mean(by=0)", 0],
      [1, "mean(by=1)", 1],
      [2, "mean(by=2)", 2],
      [3, "mean(by=5)", 5],
      [4, "mean(by=6)", 6],
      [5, "mean(by=7)", 7],
    ]);
    expect(batches).toEqual([
      [0, false],
      [1, false],
    ]);
    expect(best).toEqual(end.trials.map(({ result }) => result.text));
    expect(records[1]).toEqual({
      kind: "trial",
      trial: 1,
      generation: 0,
      pipeline: "mean(by=1)",
      origin: "random",
      parents: [],
      size: 1,
      scores: [0, 2],
      score: 1,
      seconds: 0.25,
      best: true,
    });
  });

  test("finds the same in whatever order trials end", async () => {
    const reversed: Evaluate = async (trial) => {
      const by = Number(trial.pipeline[0]!.parameters["by"]);
      for (let turn = 0; turn < 20 - 2 * by; turn++) await Promise.resolve();
      return byParameter(trial);
    };
    const [straight, other] = [await played(), await played({ evaluate: reversed })];
    expect(other.records.map(({ trial }) => trial)).toEqual([2, 1, 0, 5, 4, 3]);
    expect(other.records.filter(({ best }) => best).map(({ trial }) => trial)).toEqual([2, 5]);
    expect(other.end.trials.map(({ result }) => result)).toEqual(straight.end.trials.map(({ result }) => result));
  });

  test("goes on where trials fail, and says why they did", async () => {
    const evaluate: Evaluate = async (trial) => {
      const answer = await byParameter(trial);
      return trial.pipeline[0]!.parameters["by"] === 2
        ? { outcome: { error: { cause: "time", message: "too long" } }, seconds: 3 }
        : answer;
    };
    const { end } = await played({ evaluate });
    expect(end.trials[2]!.record).toMatchObject({ error: { cause: "time", message: "too long" }, seconds: 3 });
    expect(end.trials[2]!.record).not.toHaveProperty("score");
    expect(end.trials[3]!.result.text).toBe("mean(by=4)");
  });

  test("evaluates nothing twice that is stored, and goes on as if it had never been interrupted", async () => {
    const whole = await played();
    for (let count = 0; count <= 6; count++) {
      const evaluated: string[] = [];
      const counting: Evaluate = (trial) => {
        evaluated.push(trialKey({ text: `mean(by=${String(trial.pipeline[0]!.parameters["by"])})` }));
        return byParameter(trial);
      };
      const again = await played({ stored: stored(whole.records.slice(0, count)), evaluate: counting });
      expect(evaluated).toHaveLength(6 - count);
      expect(again.known).toEqual(whole.records.slice(0, count).map(({ trial }) => trial));
      expect(again.end.trials.map(({ result }) => result)).toEqual(whole.end.trials.map(({ result }) => result));
      expect(again.batches.map(([, known]) => known)).toEqual([count >= 3, count === 6]);
      // Of what is stored the last best alone is of interest.
      expect(again.best).toHaveLength(count === 0 ? 6 : 7 - count);
    }
  });

  test("takes over failures too", async () => {
    const failing: Evaluate = async () => ({ outcome: { error: { cause: "error", message: "no" } }, seconds: 1 });
    const whole = await played({ evaluate: failing });
    const again = await played({ stored: stored(whole.records), evaluate: () => Promise.reject(new Error("asked")) });
    expect(again.end).toEqual({ ...whole.end, trials: again.end.trials });
    expect(again.end.trials.every(({ record }) => record.error?.message === "no")).toBe(true);
  });

  test("takes of two records of one trial the first", async () => {
    const whole = await played();
    const [first] = stored(whole.records);
    const again = await played({ stored: [first!, { ...first!, score: 99 }] });
    expect(again.end.trials[0]!.result.score).toBe(0);
  });

  test("ends without what was given up, however much of the batch had ended", async () => {
    const over = new AbortController();
    const evaluate: Evaluate = async (trial) => {
      if (trial.pipeline[0]!.parameters["by"] !== 1) return byParameter(trial);
      over.abort();
      throw new StoppedError("given up");
    };
    const { end, records, batches } = await played({ evaluate, over: over.signal });
    expect(end.complete).toBe(false);
    expect(end.trials.map(({ result }) => result.trial)).toEqual(records.map(({ trial }) => trial));
    expect(batches).toEqual([]);
  });

  test("evaluates nothing where it is over before it begins, and takes what is stored", async () => {
    const whole = await played();
    const over = AbortSignal.abort();
    const evaluate: Evaluate = () => Promise.reject(new Error("asked"));
    const { end, best } = await played({ stored: stored(whole.records.slice(0, 2)), over, evaluate });
    expect(end.trials).toHaveLength(2);
    expect(end.complete).toBe(false);
    expect(best).toEqual(["mean(by=1)"]);
  });

  test("fails with what the pool fails with", async () => {
    await expect(played({ evaluate: () => Promise.reject(new Error("no process")) })).rejects.toThrow("no process");
  });

  test("waits for each record to be stored", async () => {
    const order: string[] = [];
    await played({
      onTrial: async ({ trial }) => {
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        order.push(`stored ${trial}`);
      },
      onBatch: ({ generation }) => order.push(`batch ${generation}`),
    });
    expect(order.indexOf("batch 0")).toBe(3);
  });
});
