import { describe, expect, test } from "vitest";
import { pretendedOperators } from "./operator-fixture.ts";
import { aStrategy, byText, resultOf, type ScriptedScore, searched, type SearchOverrides } from "./scripted-search.ts";
import type { Strategy } from "./strategy.ts";

const { randomForest, gradientBoosting } = pretendedOperators;
const ensembles = { randomForest: randomForest!, gradientBoosting: gradientBoosting! };

const halving = (overrides: SearchOverrides = {}, operators = pretendedOperators): Strategy =>
  aStrategy({ strategy: "halving", generations: 9, populationSize: 20, ...overrides }, { operators });

/** None fails. */
const sure: ScriptedScore = (proposal) => byText(proposal) ?? 0;

describe("halving", () => {
  test("begins with an eighth of the members, and doubles them until the ensemble is whole", () => {
    const { batches } = searched(halving({}, ensembles), sure);
    expect(batches.map(([first]) => first!.members)).toEqual([12, 25, 50, undefined]);
    for (const batch of batches) expect(new Set(batch.map(({ members }) => members)).size).toBe(1);
  });

  test("lets the better half grow, each from its trial before", () => {
    const { batches, results } = searched(halving({}, ensembles), sure);
    for (const [rung, batch] of batches.slice(1).entries()) {
      const before = batches[rung]!;
      expect(batch).toHaveLength(Math.ceil(before.length / 2));
      const chosen = batch.map(({ parents }) => parents[0]!);
      const left = before.map(({ trial }) => trial).filter((trial) => !chosen.includes(trial));
      const scoreOf = (trial: number): number => results[trial]!.score!;
      expect(Math.min(...chosen.map(scoreOf))).toBeGreaterThanOrEqual(Math.max(...left.map(scoreOf)));
      for (const { origin, text, parents } of batch) {
        expect(origin).toBe("promotion");
        expect(results[parents[0]!]!.text).toBe(text);
      }
    }
  });

  test("evaluates what does not grow whole, once, among the first", () => {
    const { batches } = searched(halving(), sure);
    const grows = ({ pipeline }: (typeof batches)[number][number]): boolean =>
      pretendedOperators[pipeline.at(-1)!.operator]!.growing !== undefined;
    const first = batches[0]!;
    expect(first.some(grows)).toBe(true);
    expect(first.every(grows)).toBe(false);
    for (const proposal of first) if (!grows(proposal)) expect(proposal.members).toBeUndefined();
    for (const batch of batches.slice(1)) expect(batch.every(grows)).toBe(true);
  });

  test("makes as many evaluations as evolution would", () => {
    for (const generations of [1, 2, 5, 9, 30]) {
      for (const operators of [ensembles, pretendedOperators]) {
        const strategy = halving({ generations }, operators);
        expect(strategy.total).toBe(20 * (generations + 1));
        expect(searched(strategy, sure).results.length).toBeGreaterThan(strategy.total - 4);
        expect(searched(strategy, sure).results.length).toBeLessThanOrEqual(strategy.total);
      }
    }
  });

  test("fits an ensemble whole where there are too few evaluations to let it grow", () => {
    const { batches } = searched(halving({ generations: 1, populationSize: 2, offspringSize: 1 }, ensembles), sure);
    expect(batches).toHaveLength(1);
    expect(batches[0]!.map(({ members }) => members)).toEqual([undefined, undefined, undefined]);
  });

  test("counts only whole ensembles among the best", () => {
    const strategy = halving({}, ensembles);
    const begun = strategy.next([])!.map((proposal) => resultOf(proposal, 99));
    expect(strategy.best(begun)).toBeUndefined();
    const { results } = searched(strategy, ({ members = 0 }) => members);
    expect(strategy.best(results)?.score).toBe(0);
  });

  test("lets nothing grow that failed", () => {
    const { batches, results } = searched(halving({}, ensembles));
    expect(results.some(({ score }) => score === undefined)).toBe(true);
    for (const { parents } of batches.flat())
      for (const parent of parents) expect(results[parent]!.score).toBeDefined();
    expect(searched(halving({}, ensembles), () => undefined).batches).toHaveLength(1);
  });

  test("takes an ensemble that is too small to be an eighth for whole", () => {
    const operators = {
      randomForest: { ...ensembles.randomForest, parameters: { nEstimators: [7, 6, 5] } as const },
    };
    const { batches } = searched(aStrategy({ strategy: "halving" }, { operators }), sure);
    for (const { members } of batches.flat()) expect(members).toBeUndefined();
  });
});
