import fc from "fast-check";
import { expect, test } from "vitest";
import type { Progress } from "./progress.ts";
import { combinedProgress, treesOfShard } from "./shards.ts";

const time = (second: number): string => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString();
const word = (second: number, told: Partial<Progress["trainerStatus"]> = {}, rest: object = {}): Progress => ({
  ...rest,
  trainerStatus: { lastUpdatedTime: time(second), ...told },
});
const forest = { shards: 2, trees: 3 };

test("each tree belongs to the one shard that its number modulo shards names", () => {
  const size = fc.record({ shards: fc.integer({ min: 1, max: 1000 }), trees: fc.integer({ min: 1, max: 3000 }) });
  const check = ({ shards, trees }: { shards: number; trees: number }): void => {
    const counted = Array.from({ length: shards }, () => 0);
    for (let tree = 0; tree < trees; tree++) counted[tree % shards]! += 1;
    expect(counted.map((_, shard) => treesOfShard(shard, { shards, trees }))).toEqual(counted);
  };
  fc.assert(fc.property(size, check));
});

test("nobody has said anything: there is nothing to say", () => {
  expect(combinedProgress(new Map(), forest)).toBeUndefined();
});

test("progress is the trees grown of the trees asked: a shard counts by its trees, and one that is silent has none", () => {
  const told = new Map([[0, word(1, { progressPercentage: 50 })]]);
  expect(combinedProgress(told, forest)?.trainerStatus.progressPercentage).toBe(33);
  told.set(1, word(2, { progressPercentage: 100 }));
  expect(combinedProgress(told, forest)?.trainerStatus.progressPercentage).toBe(66);
  told.set(0, word(3, { progressPercentage: 100 }));
  expect(combinedProgress(told, forest)?.trainerStatus.progressPercentage).toBe(100);
});

test("it is 100 only when every shard says so", () => {
  const words = new Map(Array.from({ length: 100 }, (_, shard) => [shard, word(1, { progressPercentage: 100 })]));
  words.set(7, word(1, { progressPercentage: 99 }));
  expect(combinedProgress(words, { shards: 100, trees: 100 })?.trainerStatus.progressPercentage).toBe(99);
});

test("time left is that of the slowest shard, and unknown while one does not know", () => {
  const left = (...seconds: (number | undefined)[]) =>
    combinedProgress(
      new Map(
        seconds.map((one, shard) => [shard, word(1, one === undefined ? {} : { estimatedRemainingSeconds: one })]),
      ),
      { shards: 2, trees: 10 },
    )?.trainerStatus.estimatedRemainingSeconds;
  expect(left(5, 60)).toBe(60);
  expect(left(5, undefined)).toBeUndefined();
  expect(left(5)).toBeUndefined();
});

test("a shard without a tree is waited for by nobody", () => {
  const words = new Map([[0, word(1, { progressPercentage: 100, estimatedRemainingSeconds: 0 })]]);
  expect(combinedProgress(words, { shards: 4, trees: 1 })?.trainerStatus).toMatchObject({
    progressPercentage: 100,
    estimatedRemainingSeconds: 0,
  });
});

test("metrics, curve and score are those of shard 0, and the time that of the newest word", () => {
  const metrics = [{ name: "accuracy", value: "0.9" }];
  const words = new Map([
    [1, word(9, { metrics: [{ name: "accuracy", value: "0.1" }] }, { score: "acc 0.1", curve: "▁" })],
    [0, word(5, { metrics }, { score: "acc 0.9", curve: "█" })],
  ]);
  expect(combinedProgress(words, forest)).toMatchObject({
    score: "acc 0.9",
    curve: "█",
    trainerStatus: { metrics, lastUpdatedTime: time(9) },
  });
  words.delete(0);
  const { trainerStatus, ...rest } = combinedProgress(words, forest) ?? {};
  expect(rest).toEqual({});
  expect(trainerStatus).not.toHaveProperty("metrics");
});
