import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crowding, dominates, type Fitness, nonDominatedRanks, select } from "./nsga2.ts";

interface Pool {
  readonly scores: readonly (number | null)[];
  readonly sizes: readonly number[];
  readonly ranks: readonly (readonly number[])[];
  /** Null is infinite. */
  readonly crowding: readonly (readonly (number | null)[])[];
  readonly selected: readonly (readonly number[])[];
}

const golden = JSON.parse(readFileSync("test/golden/nsga2.json", "utf8")) as { pools: Pool[] };
const pointsOf = ({ scores, sizes }: Pool): Fitness[] =>
  scores.map((score, place) =>
    score === null ? { score: -Infinity, size: Infinity } : { score, size: sizes[place]! },
  );

describe("NSGA-II", () => {
  test("ranks, measures and selects as DEAP does, equals in the same order", () => {
    expect(golden.pools.length).toBeGreaterThan(10);
    for (const pool of golden.pools) {
      const points = pointsOf(pool);
      expect(nonDominatedRanks(points)).toEqual(pool.ranks);
      for (const [index, rank] of pool.ranks.entries()) {
        const distances = Array.from(crowding(rank.map((place) => points[place]!)));
        expect(distances).toEqual(pool.crowding[index]!.map((distance) => distance ?? Infinity));
      }
      const counts = [1, points.length >> 2, points.length >> 1, points.length, points.length + 3];
      expect(counts.map((count) => select(points, count))).toEqual(pool.selected);
    }
  });

  const fitness = fc.record({ score: fc.integer({ min: -4, max: 4 }), size: fc.integer({ min: 1, max: 5 }) });
  const pools = fc.array(fitness, { minLength: 1, maxLength: 30 });

  test("ranks each once, behind all that dominate it and no further", () => {
    fc.assert(
      fc.property(pools, (points) => {
        const ranks = nonDominatedRanks(points);
        expect(ranks.flat().toSorted((a, b) => a - b)).toEqual([...points.keys()]);
        const rankOf = points.map((_, place) => ranks.findIndex((rank) => rank.includes(place)));
        for (const [place, point] of points.entries()) {
          const above = points.flatMap((other, at) => (dominates(other, point) ? [rankOf[at]!] : []));
          expect(rankOf[place]).toBe(Math.max(-1, ...above) + 1);
        }
      }),
    );
  });

  test("selects nothing before something that dominates it, and the best scores and sizes first", () => {
    fc.assert(
      fc.property(pools, fc.nat(30), (points, count) => {
        const selected = select(points, count);
        expect(new Set(selected).size).toBe(Math.min(count, points.length));
        const left = [...points.keys()].filter((place) => !selected.includes(place));
        for (const place of left)
          expect(selected.some((chosen) => dominates(points[place]!, points[chosen]!))).toBe(false);
        const bestScore = Math.max(...points.map(({ score }) => score));
        if (count >= 2) expect(selected.some((place) => points[place]!.score === bestScore)).toBe(true);
      }),
    );
  });

  test("takes what failed last of all", () => {
    const failed = { score: -Infinity, size: Infinity };
    const points = [failed, { score: -1e300, size: 8 }, failed, { score: 1, size: 9 }];
    expect(nonDominatedRanks(points)).toEqual([
      [1, 3],
      [0, 2],
    ]);
    expect(select(points, 3)).toEqual([1, 3, 0]);
    expect(crowding([failed, failed])).toEqual(Float64Array.of(Infinity, Infinity));
  });

  test("selects nothing of nothing", () => {
    expect(select([], 3)).toEqual([]);
    expect(select([{ score: 1, size: 1 }], 0)).toEqual([]);
  });
});
