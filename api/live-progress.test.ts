import { describe, expect, it } from "vitest";
import { ConflictError } from "../kube/errors.ts";
import type { KubeClient, PatchChange } from "../kube/client.ts";
import { silentLog } from "../kube/log.ts";
import { virtualClock } from "../kube/virtual-clock.ts";
import { said, progressLoop as setUp } from "../test/api/progress-loop.ts";
import { aTrainTask } from "../test/builders/objects.ts";
import type { TrainTask } from "../traintask/task.ts";
import { liveProgress, statusPatch } from "./live-progress.ts";

describe("the trainer's word", () => {
  const task = aTrainTask();
  const { uid } = task.metadata;

  it("is in the store when the call returns, and in the status at once when it is the first", async () => {
    const { clock, loop, patches, stored } = setUp([task]);
    await loop.post(uid, said(1));
    expect(JSON.parse(stored.get(uid) ?? "")).toEqual(said(1));
    await clock.settle();
    expect(patches[0]?.body).toMatchObject({
      metadata: { uid, resourceVersion: "1" },
      status: { trainerStatus: { progressPercentage: 1 }, left: "1m39s" },
    });
  });

  it("of a container that is done is patched at once, for its pod says nothing when it ends; a repetition waits", async () => {
    const trainer = { randomForest: undefined, container: { image: "x" } };
    const tasks = [aTrainTask({ spec: { trainer, dataset: undefined } })];
    const { clock, loop, percents } = setUp(tasks);
    for (const percent of [1, 50, 100]) {
      await loop.post(uid, said(percent));
      await clock.advance(1000);
    }
    expect(percents()).toEqual([1, 100]);
    const stands = said(100).trainerStatus;
    tasks[0] = aTrainTask({ spec: { trainer, dataset: undefined }, status: { trainerStatus: stands } });
    await loop.post(uid, said(100, 101));
    await clock.advance(1000);
    expect(percents()).toEqual([1, 100]);
  });

  it("is patched at most every 10 s, and always the last one", async () => {
    const { clock, loop, patches, percents } = setUp([task]);
    for (let percent = 1; percent <= 25; percent++) {
      await loop.post(uid, said(percent));
      await clock.advance(1000);
    }
    await clock.advance(60_000);
    expect(percents()).toEqual([1, 10, 20, 25]);
    for (const [i, { at }] of patches.entries())
      expect(at - (patches[i - 1]?.at ?? -Infinity)).toBeGreaterThanOrEqual(10_000);
  });

  it("is not overtaken by an older one that arrives later", async () => {
    const { clock, loop, percents, stored } = setUp([task]);
    await loop.post(uid, said(5));
    await loop.post(uid, said(4));
    await clock.advance(30_000);
    expect(percents()).toEqual([5]);
    expect(JSON.parse(stored.get(uid) ?? "")).toEqual(said(5));
  });

  it("comes into the status after a patch that failed, the latest one", async () => {
    const { clock, loop, percents, failures } = setUp([task]);
    failures.push(new ConflictError({ code: 409 }));
    await loop.post(uid, said(1));
    await clock.settle();
    await loop.post(uid, said(2));
    await clock.advance(5000);
    expect(percents()).toEqual([2]);
  });

  it("leaves the status of a task that has ended as it is", async () => {
    const conditions = [
      { type: "Complete", status: "True", reason: "Trained", lastTransitionTime: "2030-01-01T00:00:00Z" },
    ] as const;
    const { clock, loop, patches } = setUp([aTrainTask({ status: { conditions: [...conditions] } })]);
    await loop.post(uid, said(99));
    await clock.advance(60_000);
    expect(patches).toEqual([]);
  });

  it("of a hundred tasks makes 20 patches a second", async () => {
    const tasks = Array.from({ length: 100 }, (_, i) => aTrainTask({ metadata: { name: `t${i}`, uid: `uid-${i}` } }));
    const { clock, loop, patches } = setUp(tasks);
    for (const one of tasks) await loop.post(one.metadata.uid, said(1));
    await clock.advance(1000);
    expect(patches.length).toBeGreaterThanOrEqual(18);
    expect(patches.length).toBeLessThanOrEqual(22);
    await clock.advance(5000);
    expect(patches).toHaveLength(100);
  });
});

/** Two loops over one task, as two replicas have them; each patch is in both caches at once. */
function twoReplicas() {
  let task = aTrainTask();
  const clock = virtualClock();
  const patched: { at: number; percent: number }[] = [];
  const patchStatus = (_: unknown, __: unknown, { body }: PatchChange): Promise<never> => {
    const { metadata, status } = body as { metadata: { resourceVersion: string } } & Pick<TrainTask, "status">;
    if (metadata.resourceVersion !== task.metadata.resourceVersion)
      return Promise.reject(new ConflictError({ code: 409 }));
    const resourceVersion = String(Number(task.metadata.resourceVersion) + 1);
    task = { ...task, metadata: { ...task.metadata, resourceVersion }, status: { ...task.status, ...status } };
    patched.push({ at: clock.monotonic(), percent: status.trainerStatus?.progressPercentage ?? -1 });
    return Promise.resolve({} as never);
  };
  const replica = () =>
    liveProgress({
      client: { patchStatus } as unknown as KubeClient,
      clock,
      log: silentLog,
      signal: new AbortController().signal,
      cache: { taskByUid: () => task },
      artifacts: { putProgress: () => Promise.resolve(), progressOf: () => Promise.resolve(undefined) },
    });
  return { clock, patched, replicas: [replica(), replica()] as const, uid: task.metadata.uid };
}

describe("words of one trainer that come through two replicas", () => {
  it("never put an older one in place of a newer, which another replica got first", async () => {
    const { clock, patched, replicas, uid } = twoReplicas();
    await replicas[0].post(uid, said(1));
    await clock.advance(500);
    await replicas[1].post(uid, said(2));
    await clock.advance(4500);
    await replicas[0].post(uid, said(5));
    await clock.advance(60_000);
    expect(patched.map(({ percent }) => percent)).toEqual([1, 5]);
  });

  it("come into the status up to the last of them", async () => {
    const { clock, patched, replicas, uid } = twoReplicas();
    for (let percent = 1; percent <= 60; percent++) {
      await replicas[percent % 7 < 3 ? 0 : 1].post(uid, said(percent));
      await clock.advance(1000);
    }
    await clock.advance(60_000);
    const percents = patched.map(({ percent }) => percent);
    expect(percents).toEqual(percents.toSorted((one, other) => one - other));
    expect(percents.at(-1)).toBe(60);
  });

  it("are patched at most every 10 s, whoever patches", async () => {
    const { clock, patched, replicas, uid } = twoReplicas();
    for (let percent = 1; percent <= 60; percent++) {
      await replicas[percent % 2 === 0 ? 0 : 1].post(uid, said(percent));
      await clock.advance(1000);
    }
    expect(patched.length).toBeGreaterThanOrEqual(5);
    for (const [i, { at }] of patched.entries())
      expect(at - (patched[i - 1]?.at ?? -Infinity)).toBeGreaterThanOrEqual(10_000);
  });
});

describe("statusPatch", () => {
  it("removes what the trainer no longer says, and keeps curve and score that it did not mention", () => {
    const lastUpdatedTime = "2030-01-01T00:00:00Z";
    expect(statusPatch({ trainerStatus: { lastUpdatedTime } })).toEqual({
      trainerStatus: { progressPercentage: null, estimatedRemainingSeconds: null, metrics: null, lastUpdatedTime },
      left: null,
    });
    expect(statusPatch({ trainerStatus: { lastUpdatedTime }, curve: "▁█", score: "acc 1" })).toMatchObject({
      curve: "▁█",
      score: "acc 1",
    });
  });
});
