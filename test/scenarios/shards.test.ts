/**
 * One forest in several pods, as a user sees it: real processes, some of them killed. Whatever happens to them, the model
 * has the bytes that one pod makes. More of it, in more time: shards.long.test.ts.
 */
import { describe, expect, it } from "vitest";
import { getTask } from "./system.ts";
import {
  atWork,
  digestOfOnePod,
  done,
  fewTrees,
  inMidGrowth,
  killProcess,
  oneSlot,
  podsOf,
  shardOf,
  shards,
  submitForest,
  system,
} from "./sharded-forests.ts";

oneSlot();

describe("a forest of three shards", { timeout: 300_000 }, () => {
  it("has the bytes of one pod's, in one slot, and a log that says whose each line is", async () => {
    await submitForest("three", { shards });
    const { status } = await done("three");
    expect(status).toMatchObject({
      state: "Succeeded",
      attempt: 1,
      succeeded: shards,
      failed: 0,
      model: { partial: false },
    });
    expect(status.model?.digest).toBe(await digestOfOnePod(fewTrees));
    expect((await podsOf("three")).map(shardOf).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    const log = await (await fetch(`${system.url}/v1/tasks/three/logs`)).text();
    expect([...log.matchAll(/^--- shard (\d), attempt 1 ---$/gm)].map(([, shard]) => shard)).toEqual(["0", "1", "2"]);
    const report = await fetch(`${system.url}/v1/tasks/three/report`);
    expect(report.status).toBe(200);
    expect(status.score).toBe((await getTask(system, `one-pod-${fewTrees}`)).status.score);
  });

  it("goes on where it was, to the same bytes, when one shard's process is killed in mid-growth", async () => {
    const { name, trees } = await inMidGrowth("killed", async (one) => {
      const pod = await atWork(one, 2);
      return pod !== undefined && killProcess(pod);
    });
    const { status } = await done(name);
    expect(status).toMatchObject({ state: "Succeeded", attempt: 2, retries: 1, model: { partial: false } });
    expect(status).not.toHaveProperty("memory");
    expect(status.model?.digest).toBe(await digestOfOnePod(trees));
  });
});
