/**
 * Whatever the grammar makes, on whatever rows: a pipeline of the real operators has finite scores, a model that is
 * read back, and finite answers; or it says why not, in an error that was meant.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineError } from "../../model/errors.ts";
import { NotFiniteError, readPipeline } from "../../model/steps/pipeline.ts";
import type { StepLine } from "../../model/format.ts";
import { steps } from "../../model/steps/table.ts";
import { random } from "../../traintask/random.ts";
import { OperatorError, type Target } from "../operators/operator.ts";
import { operators } from "../operators/table.ts";
import { Evaluator, shapeOf } from "./evaluate.ts";
import { TooLargeError } from "./fit-step.ts";
import { folds } from "./folds.ts";
import { grammarOf, randomPipeline } from "./grammar.ts";
import { pipelineText } from "./pipeline.ts";
import { refit } from "./refit.ts";
import type { TrialData } from "./trial-data.ts";

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, 1e-200, -1e100, 1e100) },
);

interface Rows {
  readonly cells: readonly (readonly number[])[];
  readonly classes: readonly number[];
  readonly values: readonly number[];
}

const rows: fc.Arbitrary<Rows> = fc
  .tuple(fc.integer({ min: 6, max: 30 }), fc.integer({ min: 1, max: 4 }))
  .chain(([count, columns]) => {
    const each = <T>(one: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> =>
      fc.array(one, { minLength: length, maxLength: length });
    return fc.record({
      cells: each(each(value, columns), count),
      classes: each(fc.integer({ min: 0, max: 2 }), count),
      values: each(fc.double({ min: -100, max: 100, noNaN: true }), count),
    });
  });

function dataOf({ cells, classes, values }: Rows, problemType: Target["problemType"]): TrialData {
  const columns = cells[0]!.length;
  const target: Target =
    problemType === "regression"
      ? { problemType, values: Float64Array.from(values) }
      : { problemType, classes: 3, codes: Int32Array.from(classes) };
  return {
    x: { rows: cells.length, columns, values: Float64Array.from(cells.flat()) },
    input: Array.from({ length: columns }, () => ({ type: "number" })),
    target,
    folds: folds(target, { cv: 2, seed: 1 }),
    scorer: problemType === "regression" ? "r2" : "accuracy",
    seed: 1,
  };
}

const isMeant = (error: unknown): boolean =>
  [OperatorError, TooLargeError, NotFiniteError, LineError].some((kind) => error instanceof kind) &&
  (error as Error).message !== "";

/** Undefined where the pipeline has said why not. */
function unlessMeant<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isMeant(error)) throw error;
    return undefined;
  }
}

const bounds = { operators, steps, fitBytes: 1 << 28, cacheBytes: 1 << 20 };
const limits = { maxModelBytes: 1 << 30, maxLineBytes: 1 << 30 };

describe.each(["regression", "classification"] as const)("any pipeline for %s", (problemType) => {
  const grammar = grammarOf({ preset: "default" }, { problemType, operators });

  test("answers with finite numbers, or says why not", { timeout: 120_000 }, () => {
    let answered = 0;
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 2 ** 31 - 1 }), (table, seed) => {
        const pipeline = randomPipeline(grammar, random(seed));
        const data = dataOf(table, problemType);
        const evaluator = new Evaluator(data, bounds);
        const text = pipelineText(pipeline);
        const scores = unlessMeant(() => evaluator.evaluate({ pipeline }));
        if (scores !== undefined) expect(scores.filter(Number.isFinite), text).toHaveLength(2);
        const refitted = unlessMeant(() => refit(evaluator, { pipeline, ...limits }));
        if (refitted === undefined) return;
        const lines = refitted.lines.map((line) => JSON.parse(line) as StepLine);
        const { values } = readPipeline(lines, shapeOf(data)).apply(data.x);
        expect(values.every(Number.isFinite), text).toBe(true);
        answered += 1;
      }),
      { numRuns: 100, seed: 6 },
    );
    expect(answered).toBeGreaterThan(50);
  });
});
