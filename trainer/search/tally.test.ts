import { describe, expect, test } from "vitest";
import { failedText, Tally } from "./tally.ts";
import type { Cause } from "./trial-orders.ts";
import type { NewRecord } from "./trials.ts";

const trial = (fields: Partial<NewRecord>): NewRecord => ({
  kind: "trial",
  trial: 0,
  generation: 0,
  pipeline: "ridge",
  origin: "random",
  parents: [],
  size: 1,
  seconds: 1,
  ...fields,
});
const failed = (cause: Cause): NewRecord => trial({ error: { cause, message: "no" } });

describe("the tally of a search", () => {
  test("counts trials, failures by cause, and the best score of whole pipelines", () => {
    const tally = new Tally();
    for (const each of [failed("error"), failed("time"), failed("error"), trial({ score: -3 }), trial({ score: -2 })])
      tally.add(each);
    tally.add(trial({ score: -1, members: 4 }));
    expect(tally.trials).toBe(6);
    expect(tally.best).toBe(-2);
    expect(tally.failed).toEqual({ time: 1, error: 2 });
    expect(failedText(tally.failed)).toBe("1 of time, 2 of error");
    expect(tally.snapshot()).toMatchObject({
      trees: 6,
      score: "cv -2.00",
      metrics: [
        { name: "cv_score", value: -2 },
        { name: "failed", value: 3 },
      ],
    });
  });

  test("has no score, and no point of the curve, before there is one", () => {
    const tally = new Tally();
    tally.add(failed("memory"));
    tally.endGeneration(0);
    expect(tally.snapshot()).toEqual({ trees: 1, metrics: [{ name: "failed", value: 1 }], curve: [] });
    tally.add(trial({ score: 0.5 }));
    tally.endGeneration(1);
    expect(tally.curve()).toEqual([{ generation: 1, score: 0.5 }]);
  });

  test("draws at most 20 points of the curve, the last generation among them", () => {
    const tally = new Tally();
    for (let generation = 0; generation <= 100; generation++) {
      tally.add(trial({ score: generation }));
      tally.endGeneration(generation);
    }
    const curve = tally.curve();
    expect(curve).toHaveLength(20);
    expect(curve.at(-1)).toEqual({ generation: 100, score: 100 });
  });
});

test("nothing is said of failures where there are none", () => {
  expect(failedText({})).toBe("");
});
