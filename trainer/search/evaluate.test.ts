import { beforeEach, describe, expect, test } from "vitest";
import { OperatorError } from "../operators/operator.ts";
import { Evaluator, type EvaluatorOptions } from "./evaluate.ts";
import { columnCap, TooLargeError } from "./fit-step.ts";
import { trialData } from "./scripted-data.ts";
import { fits, operators, pipeline, step, steps } from "./scripted-operators.ts";
import { stepSeed } from "./step-seed.ts";
import type { TrialData } from "./trial-data.ts";

const plenty: EvaluatorOptions = { operators, steps, fitBytes: 1 << 20, cacheBytes: 1 << 20 };
function evaluator(data: Partial<TrialData> = {}, options: Partial<EvaluatorOptions> = {}): Evaluator {
  return new Evaluator(trialData(data), { ...plenty, ...options });
}
beforeEach(() => Object.keys(fits).forEach((name) => delete fits[name]));

describe("a trial", () => {
  test("is fitted on the rows outside of each fold and scored on those in it", () => {
    // Of 1, 4, 7, 10 doubled against the mean of the others, doubled: 13.75.
    const [first, second, third] = evaluator().evaluate({ pipeline: pipeline("mean") });
    expect(first).toBe(-(11.75 + 5.75 + 0.25 + 6.25) / 4);
    expect(second).toBe(-(9 + 3 + 3 + 9) / 4);
    expect(third).toBe(first);
  });

  test("goes through all steps in their order", () => {
    const scores = evaluator().evaluate({ pipeline: pipeline("times", "wide", step("mean", { by: 3 })) });
    expect(scores).toEqual(evaluator().evaluate({ pipeline: pipeline(step("mean", { by: 3 })) }));
    expect(fits).toMatchObject({ times: 3, mean: 6 });
  });

  test("fills missing values from the rows outside of the fold alone", () => {
    const x = Float64Array.of(NaN, 1, 5, 100, 1, 5, 100, 1, 5, 100, 1, 5);
    const seen: number[] = [];
    const looking = {
      ...operators.times!,
      fit: ({ x: rows }: { x: { values: Float64Array } }) => (seen.push(...rows.values), { factor: 1 }),
    };
    const data = { x: { rows: 12, columns: 1, values: x } };
    evaluator(data, { operators: { ...operators, times: looking } }).evaluate({ pipeline: pipeline("times", "mean") });
    // The median of all rows is 5; that of the first and the third fold is 5, that of the first and the second is 1.
    expect([seen[8], seen[16]]).toEqual([5, 1]);
    expect(seen).not.toContain(NaN);
  });

  test("computes an equal beginning once for each fold", () => {
    const one = evaluator();
    one.evaluate({ pipeline: pipeline("times", "mean") });
    one.evaluate({ pipeline: pipeline("times", step("mean", { by: 1 })) });
    one.evaluate({ pipeline: pipeline(step("times", { factor: 3 }), "mean") });
    expect(fits).toMatchObject({ times: 6, mean: 9 });
  });

  test("has the same score with no memory to keep anything", () => {
    const trials = ["mean", "times"].map((name) => ({
      pipeline: pipeline("times", ...(name === "mean" ? [] : ["times"]), "mean"),
    }));
    const poor = evaluator({}, { cacheBytes: 0 });
    const rich = evaluator();
    for (const trial of [...trials, ...trials]) expect(poor.evaluate(trial)).toEqual(rich.evaluate(trial));
    expect(fits.times).toBe(18 + 6);
  });

  test("stacks a predictor that is not its last step", () => {
    const widths: number[] = [];
    const looking = {
      ...operators.times!,
      fit: ({ x }: { x: { columns: number } }) => (widths.push(x.columns), { factor: 1 }),
    };
    evaluator({}, { operators: { ...operators, times: looking } }).evaluate({
      pipeline: pipeline("mean", "times", "mean"),
    });
    expect(widths).toEqual([2, 2, 2]);
  });
});

describe("an ensemble that grows", () => {
  const grown = pipeline("times", "crowd");
  test("goes on from the members that it has, and has the score of one that was made at once", () => {
    const one = evaluator();
    const scores = [2, 4, 8].map((members) => one.evaluate({ pipeline: grown, members }));
    expect(fits).toMatchObject({ crowd: 3, "crowd extended": 6 });
    const fresh = [2, 4, 8].map((members) => evaluator({}, { cacheBytes: 0 }).evaluate({ pipeline: grown, members }));
    expect(scores).toEqual(fresh);
    expect(evaluator().evaluate({ pipeline: grown })).toEqual(scores[2]);
  });

  test("is made anew where it has to be smaller than before", () => {
    const one = evaluator();
    one.evaluate({ pipeline: grown, members: 4 });
    expect(one.evaluate({ pipeline: grown, members: 2 })).toEqual(
      evaluator().evaluate({ pipeline: grown, members: 2 }),
    );
  });
});

describe("a trial fails, naming its step,", () => {
  const failure = (run: () => unknown): Error => {
    try {
      run();
    } catch (error) {
      return error as Error;
    }
    throw new Error("it did not fail");
  };

  test("where a step would make too many columns", () => {
    const error = failure(() => evaluator().evaluate({ pipeline: pipeline(step("wide", { columns: 501 }), "mean") }));
    expect(error).toBeInstanceOf(OperatorError);
    expect(error.message).toBe("wide(columns=501): would make 501 columns, more than 500");
  });

  test("before it takes more memory than it may", () => {
    const error = failure(() => evaluator().evaluate({ pipeline: pipeline("greedy", "mean") }));
    expect(error).toBeInstanceOf(TooLargeError);
    expect(error.message).toBe("greedy: would take 7,630 MiB, more than 1 MiB");
  });

  test("before it makes more than it may", () => {
    const wide = pipeline(step("wide", { columns: 400 }), "mean");
    const error = failure(() => evaluator({}, { fitBytes: 20_000 }).evaluate({ pipeline: wide }));
    expect(error).toBeInstanceOf(TooLargeError);
    expect(error.message).toContain("wide(columns=400): would make");
    evaluator({}, { fitBytes: 30_000 }).evaluate({ pipeline: wide });
  });

  test("where a step makes numbers that are none", () => {
    const huge = step("times", { factor: 1e300 });
    const error = failure(() => evaluator().evaluate({ pipeline: pipeline(huge, huge, "mean") }));
    expect(error).toBeInstanceOf(OperatorError);
    expect(error.message).toBe("times(factor=1e+300): makes numbers that are not finite");
  });

  test.each(["throws", "throwsText"])("where it throws: %s", (name) => {
    const error = failure(() => evaluator().evaluate({ pipeline: pipeline(name, "mean") }));
    expect(error.message).toBe(`${name}: ${name === "throws" ? "a step that does not go on" : "no error at all"}`);
  });

  test("where there is no such operator", () => {
    expect(failure(() => evaluator().evaluate({ pipeline: pipeline("nothing", "mean") })).message).toContain("nothing");
  });
});

test("wide data may have wider pipelines", () => {
  expect([columnCap(10), columnCap(250), columnCap(784)]).toEqual([500, 500, 1568]);
});

describe("the seed of a step", () => {
  test("is its own for each task and each beginning of a pipeline", () => {
    const seeds = [
      stepSeed(1, "a > b"),
      stepSeed(1, "a > c"),
      stepSeed(2, "a > b"),
      stepSeed(1, "b"),
      stepSeed(1, "é"),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
  });

  test("never changes: a model's bytes depend on it", () => {
    expect(stepSeed(42, "standardScaler > ridge(alpha=1)")).toBe(stepSeed(42, "standardScaler > ridge(alpha=1)"));
    expect(stepSeed(42, "standardScaler > ridge(alpha=1)")).toMatchInlineSnapshot(`2604970444779241`);
  });
});
