import { describe, expect, test } from "vitest";
import { aStrategy, byText, searched } from "./scripted-search.ts";

const shape = { strategy: "random", generations: 4, populationSize: 8, offspringSize: 5 } as const;

describe("a search at random", () => {
  test("makes as many evaluations as evolution, in batches as large", () => {
    const { batches } = searched(aStrategy(shape));
    expect(batches.map(({ length }) => length)).toEqual([8, 5, 5, 5, 5]);
    expect(batches.map(([first]) => first!.generation)).toEqual([0, 1, 2, 3, 4]);
    expect(aStrategy(shape).total).toBe(aStrategy({ ...shape, strategy: "evolution" }).total);
  });

  test("does not look at the scores", () => {
    const texts = (score: typeof byText): string[] => searched(aStrategy(shape), score).results.map(({ text }) => text);
    expect(texts(byText)).toEqual(texts(() => undefined));
  });

  test("has pipelines without parents", () => {
    for (const { origin, parents } of searched(aStrategy(shape)).batches.flat()) {
      expect(origin).toBe("random");
      expect(parents).toEqual([]);
    }
  });
});
