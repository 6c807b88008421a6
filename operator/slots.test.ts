import { expect, test } from "vitest";
import { anExit } from "../test/builders/objects.ts";
import { completed } from "../test/builders/observed.ts";
import { aShardedSight, ofShard } from "../test/builders/shards.ts";
import { heldSlots } from "./slots.ts";

const four = [0, 1, 2, 3].map((index) => ofShard(index));

test("a task with four shards holds one slot", () => {
  const { jobs, pods } = aShardedSight({ job: { status: { active: 4, ready: 4 } }, pods: four });
  expect(heldSlots(jobs, pods)).toMatchObject([{ namespace: "default", jobName: "iris-0a1b2c3d-1" }]);
});

test("pods that are left of one Job, gone or ended, hold one slot until the last of them is over", () => {
  const gone = aShardedSight({ pods: four });
  expect(heldSlots(gone.jobs, gone.pods)).toHaveLength(1);
  const ended = aShardedSight({ job: completed, pods: [ofShard(0, anExit(0)), ofShard(1), ofShard(2)] });
  expect(heldSlots(ended.jobs, ended.pods)).toHaveLength(1);
  expect(heldSlots(ended.jobs, ended.pods.slice(0, 1))).toEqual([]);
});

test("a pod that cannot be read adds no slot to that of its Job", () => {
  const { jobs, pods } = aShardedSight({ job: { status: { active: 4 } }, pods: four });
  const one = { namespace: "default", name: "x", jobName: "iris-0a1b2c3d-1", queue: "default", isOver: false } as const;
  expect(heldSlots(jobs, pods, [{ ...one, kind: "Pod", taskUid: "u" }])).toHaveLength(1);
});
