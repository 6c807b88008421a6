import { describe, expect, it } from "vitest";
import { said, progressLoop as setUp } from "../test/api/progress-loop.ts";
import { aTrainTask } from "../test/builders/objects.ts";

describe("words of several shards", () => {
  const sharded = aTrainTask({ spec: { shards: 2 } });
  const { uid } = sharded.metadata;

  it("become one in the status: trees of all, and the time left of the slowest", async () => {
    const { clock, loop, patches } = setUp([sharded]);
    await loop.post(uid, said(40, 1), 1);
    await loop.post(uid, said(80, 2), 0);
    await clock.settle();
    expect(patches.map(({ body }) => body.status)).toMatchObject([
      { trainerStatus: { progressPercentage: 60, estimatedRemainingSeconds: 60 }, left: "1m" },
    ]);
  });

  it("are each the latest of their own shard, whatever another one said meanwhile", async () => {
    const { clock, loop, percents } = setUp([sharded]);
    await loop.post(uid, said(50, 30), 0);
    await loop.post(uid, said(10, 20), 1);
    await loop.post(uid, said(5, 15), 1);
    await clock.advance(30_000);
    expect(percents().at(-1)).toBe(30);
  });

  it("that came through another replica are in what this one writes", async () => {
    const { clock, loop, stored, percents } = setUp([sharded]);
    stored.set(`${uid} 1`, JSON.stringify(said(100, 3)));
    await loop.post(uid, said(50, 1), 0);
    await clock.settle();
    expect(percents()).toEqual([75]);
  });

  it("are written although the status stands at a later one of another shard", async () => {
    const tasks = [sharded];
    const { clock, loop, percents } = setUp(tasks);
    await loop.post(uid, said(50, 1), 0);
    await clock.settle();
    tasks[0] = aTrainTask({ spec: { shards: 2 }, status: { trainerStatus: said(50, 90).trainerStatus } });
    await loop.post(uid, said(100, 60), 0);
    await clock.advance(60_000);
    expect(percents()).toEqual([25, 50]);
  });
});
