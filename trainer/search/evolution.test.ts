import { describe, expect, test } from "vitest";
import { pretendedOperators } from "./operator-fixture.ts";
import { select } from "./nsga2.ts";
import { aStrategy, type ScriptedScore, searched, type Searched } from "./scripted-search.ts";
import type { Result } from "./strategy.ts";

const origins = ({ batches }: Searched): string[] =>
  batches
    .slice(1)
    .flat()
    .map(({ origin }) => origin);
const share = (of: readonly string[], wanted: string): number =>
  of.filter((each) => each === wanted).length / of.length;

/** Better with each scaler, so evolution has a way to go that chance does not find. */
const byScalers: ScriptedScore = ({ text }) => text.split("standardScaler").length;

describe("evolution", () => {
  test("begins with a population at random, and then makes offspring", () => {
    const { batches } = searched(aStrategy({ populationSize: 12, offspringSize: 7, generations: 6 }));
    expect(batches.map(({ length }) => length)).toEqual([12, 7, 7, 7, 7, 7, 7]);
    expect(batches.map(([first]) => first!.generation)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(new Set(batches[0]!.map(({ origin }) => origin))).toEqual(new Set(["random"]));
    expect(aStrategy({ populationSize: 12, offspringSize: 7, generations: 6 }).total).toBe(54);
    expect(aStrategy({ populationSize: 12, generations: 6 }).total).toBe(84);
  });

  test("makes offspring by mutation and crossover, in their shares", () => {
    const even = { mutationRate: "0.5", crossoverRate: "0.5", generations: 20, populationSize: 20 };
    expect(share(origins(searched(aStrategy(even))), "crossover")).toBeGreaterThan(0.3);
    expect(share(origins(searched(aStrategy(even))), "mutation")).toBeGreaterThan(0.3);
    const onlyMutation = { ...even, mutationRate: "1", crossoverRate: "0" };
    expect(origins(searched(aStrategy(onlyMutation)))).not.toContain("crossover");
  });

  test("leaves copies of parents out", () => {
    const half = { mutationRate: "0.4", crossoverRate: "0.1", generations: 20, populationSize: 20 };
    const made = origins(searched(aStrategy(half))).length;
    expect(made).toBeGreaterThan(140);
    expect(made).toBeLessThan(260);
    const few = searched(aStrategy({ mutationRate: "0.1", crossoverRate: "0", offspringSize: 1, generations: 60 }));
    const generations = few.batches.map(([first]) => first!.generation);
    expect(generations.length).toBeLessThan(30);
    expect(generations.at(-1)).toBeGreaterThan(generations.length);
    expect(searched(aStrategy({ mutationRate: "0", crossoverRate: "0" })).batches).toHaveLength(1);
  });

  test("keeps of parents and offspring those that NSGA-II selects, and makes the next offspring of these", () => {
    const { batches, results } = searched(aStrategy({ generations: 12, populationSize: 10 }));
    let population: readonly Result[] = [];
    for (const batch of batches) {
      const trials = new Set(population.map(({ trial }) => trial));
      for (const { parents } of batch) for (const parent of parents) expect(trials).toContain(parent);
      const pool = [...population, ...batch.map(({ trial }) => results[trial]!)];
      const fitness = pool.map(({ score, size }) =>
        score === undefined ? { score: -Infinity, size: Infinity } : { score, size },
      );
      population = select(fitness, 10).map((place) => pool[place]!);
    }
  });

  test("finds what chance does not", () => {
    const bests = (strategy: "evolution" | "random"): number =>
      [1, 2, 3].reduce((sum, seed) => {
        const tried = aStrategy({ strategy, generations: 25, populationSize: 20 }, { seed });
        return sum + Math.max(...searched(tried, byScalers).results.map(({ score = 0 }) => score));
      }, 0);
    // Chance makes no more than three steps, the last of which is a predictor.
    expect(bests("random")).toBeLessThanOrEqual(3 * 3);
    expect(bests("evolution")).toBeGreaterThan(3 * 4);
  });

  test("goes on at random when all has failed", () => {
    const { batches } = searched(aStrategy({ generations: 3 }), () => undefined);
    expect(batches.map(({ length }) => length)).toEqual([10, 10, 10, 10]);
    expect(new Set(batches.flat().map(({ origin }) => origin))).toEqual(new Set(["random"]));
  });

  test("begets nothing from what failed", () => {
    const { batches, results } = searched(aStrategy({ generations: 10 }));
    expect(results.some(({ score }) => score === undefined)).toBe(true);
    for (const { parents } of batches.flat())
      for (const parent of parents) expect(results[parent]!.score).toBeDefined();
  });

  test("ends where nothing is left to try", () => {
    const operators = { gaussianNb: pretendedOperators["gaussianNb"]! };
    const strategy = aStrategy({ generations: 100, populationSize: 5 }, { operators, problemType: "classification" });
    const { results } = searched(strategy, ({ text }) => text.length);
    const stacked = Array.from({ length: 8 }, (_, more) =>
      Array(more + 1)
        .fill("gaussianNb")
        .join(" > "),
    );
    expect(results.map(({ text }) => text).toSorted()).toEqual(stacked);
  });
});
