import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../errors.ts";
import { grammarOf, isValid } from "./grammar.ts";
import { pretendedOperators } from "./operator-fixture.ts";
import { pipelineText } from "./pipeline.ts";
import { aStrategy, byText, resultOf, type ScriptedScore, searched, type SearchOverrides } from "./scripted-search.ts";
import type { Result } from "./strategy.ts";

const specs = fc.record<SearchOverrides>({
  strategy: fc.constantFrom("evolution", "random", "halving"),
  generations: fc.integer({ min: 1, max: 8 }),
  populationSize: fc.integer({ min: 2, max: 15 }),
  offspringSize: fc.integer({ min: 1, max: 15 }),
  mutationRate: fc.constantFrom("0", "0.3", "0.9"),
  crossoverRate: fc.constantFrom("0", "0.1"),
});

describe("any strategy", () => {
  test("ends, with valid pipelines that are numbered in order and none of which is tried twice", () => {
    const grammar = grammarOf({ preset: "default" }, { problemType: "regression", operators: pretendedOperators });
    fc.assert(
      fc.property(specs, fc.nat(), (spec, seed) => {
        const strategy = aStrategy(spec, { seed });
        const { batches } = searched(strategy);
        const proposals = batches.flat();
        expect(proposals.map(({ trial }) => trial)).toEqual([...proposals.keys()]);
        expect(proposals.length).toBeLessThanOrEqual(strategy.total);
        expect(new Set(proposals.map(({ text, members }) => `${text} ${members}`)).size).toBe(proposals.length);
        for (const { pipeline, text, trial, parents, origin } of proposals) {
          expect(isValid(grammar, pipeline)).toBe(true);
          expect(text).toBe(pipelineText(pipeline));
          for (const parent of parents) expect(parent).toBeLessThan(trial);
          expect(parents).toHaveLength({ random: 0, mutation: 1, crossover: 2, promotion: 1 }[origin]);
        }
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(new Set(batch.map(({ generation }) => generation)).size).toBe(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("answers the same to the same results, however it came to them", () => {
    fc.assert(
      fc.property(specs, fc.nat(), (spec, seed) => {
        const asked = aStrategy(spec, { seed });
        const { batches, results } = searched(asked);
        let count = 0;
        for (const batch of [...batches, undefined]) {
          const before = results.slice(0, count);
          expect(aStrategy(spec, { seed }).next(before)).toEqual(batch);
          // Asked again by way of later results, and for copies of these.
          expect(asked.next(before)).toEqual(batch);
          expect(asked.next(structuredClone(before))).toEqual(batch);
          count += batch?.length ?? 0;
        }
      }),
      { numRuns: 30 },
    );
  });

  test("answers by the results that it is given, not by those that it has seen", () => {
    for (const name of ["evolution", "halving"] as const) {
      const strategy = aStrategy({ strategy: name });
      const first = strategy.next([])!;
      const results = first.map((proposal) => resultOf(proposal, byText(proposal)));
      const upsideDown = first.map((proposal) => resultOf(proposal, -(byText(proposal) ?? 2)));
      const [second, other] = [strategy.next(results), strategy.next(upsideDown)];
      expect(other).not.toEqual(second);
      expect(other).toEqual(aStrategy({ strategy: name }).next(upsideDown));
    }
  });

  test("makes others with another seed", () => {
    for (const strategy of ["evolution", "random", "halving"] as const)
      expect(aStrategy({ strategy }, { seed: 1 }).next([])).not.toEqual(aStrategy({ strategy }, { seed: 2 }).next([]));
  });

  test("does not replay what it has already seen", () => {
    let looks = 0;
    const operators = new Proxy(pretendedOperators, {
      get: (table, name: string) => {
        looks += 1;
        return table[name];
      },
    });
    const strategy = aStrategy({}, { operators });
    const { batches, results } = searched(strategy);
    expect(batches.length).toBeGreaterThan(5);
    looks = 0;
    expect(strategy.next(results)).toBeUndefined();
    expect(looks).toBe(0);
    strategy.next([]);
    expect(looks).toBeGreaterThan(0);
  });

  test("refuses results that are not of its proposals", () => {
    const strategy = aStrategy();
    const batch = strategy.next([])!;
    const results = batch.map((proposal) => resultOf(proposal, 1));
    const refused: Record<string, Result[]> = {
      "a part of a batch": results.slice(1),
      "the end of a batch missing": results.slice(0, -1),
      "another pipeline": results.with(3, { ...results[3]!, text: "ridge(alpha=7)" }),
      "a part of an ensemble": results.with(3, { ...results[3]!, members: 7 }),
      "more than there were": Array.from({ length: 100 }, () => results).flat(),
    };
    for (const [name, of] of Object.entries(refused)) expect(() => strategy.next(of), name).toThrow(TypeError);
    const all = searched(strategy).results;
    expect(() => strategy.next([...all, { ...all[0]!, trial: all.length }])).toThrow(TypeError);
  });

  test("ends after earlyStop generations without a better score", () => {
    for (const strategy of ["evolution", "random"] as const) {
      const improving: ScriptedScore = ({ generation, trial }) =>
        trial % 2 === 0 ? undefined : -Math.max(1, 4 - generation);
      const generations = searched(aStrategy({ strategy, generations: 50, earlyStop: 4 }), improving).batches.length;
      // Better in generations 1 to 3, not in 4 to 7.
      expect(generations).toBe(8);
      const failing = searched(aStrategy({ strategy, generations: 50, earlyStop: 4 }), () => undefined).batches.length;
      expect(failing).toBe(5);
      expect(searched(aStrategy({ strategy, generations: 9 }), () => 1).batches).toHaveLength(10);
    }
  });
});

describe("the best of results", () => {
  const of = (...given: [score: number | undefined, size: number, members?: number][]): Result[] =>
    given.map(([score, size, members], trial) => ({
      trial,
      text: `${trial}`,
      score,
      size,
      ...(members === undefined ? {} : { members }),
    }));
  const strategy = aStrategy();
  const { best, front } = strategy;
  const trials = (results: readonly Result[]): number[] => results.map(({ trial }) => trial);

  test("has the greatest score; of equal ones it is the smaller, then the earlier", () => {
    expect(best(of([1, 1], [3, 2], [2, 1]))?.trial).toBe(1);
    expect(best(of([3, 3], [3, 2], [3, 2]))?.trial).toBe(1);
    expect(best(of([undefined, 1], [-1e300, 9]))?.trial).toBe(1);
  });

  test("is none where all failed, and no part of an ensemble", () => {
    expect(best([])).toBeUndefined();
    expect(best(of([undefined, 1]))).toBeUndefined();
    expect(best(of([9, 1, 25], [1, 1]))?.trial).toBe(1);
  });

  test("are those that no other one dominates, best score first, of equal ones the earliest", () => {
    expect(trials(front(of([1, 1], [3, 3], [2, 2], [2, 3], [undefined, 1])))).toEqual([1, 2, 0]);
    expect(trials(front(of([2, 2], [2, 2], [2, 1])))).toEqual([2]);
    expect(trials(front(of([9, 1, 25], [1, 1], [1, 1])))).toEqual([1]);
    expect(front([])).toEqual([]);
  });

  test("is at the head of the front", () => {
    const { results } = searched(strategy);
    expect(front(results)[0]).toBe(best(results));
  });
});

describe("a spec that cannot be honoured", () => {
  const cases: Record<string, [overrides: SearchOverrides, complaint: string]> = {
    "is refused: a score for the other problem": [
      { scoring: "accuracy" },
      "spec.trainer.search.scoring: accuracy is not for regression.",
    ],
    "is refused: rates of more than 1 together": [
      { mutationRate: "0.9", crossoverRate: "0.2" },
      "spec.trainer.search: mutationRate 0.9 and crossoverRate 0.2 are together more than 1.",
    ],
    "is refused: earlyStop with halving": [
      { strategy: "halving", earlyStop: 2 },
      "spec.trainer.search.earlyStop does not go with strategy: halving.",
    ],
    "is refused: no predictor": [
      { operators: ["standardScaler"] },
      "spec.trainer.search.operators: a pipeline ends with a predictor, and there is none.",
    ],
  };
  for (const [name, [overrides, complaint]] of Object.entries(cases))
    test(name, () => {
      expect(() => aStrategy(overrides)).toThrow(ConfigurationError);
      expect(() => aStrategy(overrides)).toThrow(complaint);
    });

  test("differs from rates that are 1 together, and from a score for the problem", () => {
    aStrategy({ mutationRate: "0.9", crossoverRate: "0.1", scoring: "r2" });
    aStrategy({ mutationRate: "0.7", crossoverRate: "0.3" });
  });
});
