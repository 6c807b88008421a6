import { expect, test } from "vitest";
import { anExit } from "../test/builders/objects.ts";
import { at, completed, failed, runningStatus, time, unscheduled } from "../test/builders/observed.ts";
import { aShardedSight, ofShard } from "../test/builders/shards.ts";
import type { ShardedSight } from "../test/builders/shards.ts";
import { sealed } from "../test/operator/pieces.ts";
import { condition } from "./conditions.ts";
import { plan } from "./plan.ts";
import { shouldReadEvents } from "./refused-pods.ts";

const running = { status: runningStatus };
const oom = anExit(137, { reason: "OOMKilled", finishedAt: time(50) });
/** A pod that its Job told to go, after another one had failed for good. */
const stopped = (exitCode = 143, message = "") => ({
  ...anExit(exitCode, { message, finishedAt: time(60) }),
  metadata: { deletionTimestamp: time(51) },
});

function planned(sight: ShardedSight, now = 100) {
  const { status = {}, events = [], deletions, lookAgainAt } = plan(aShardedSight(sight), at(now));
  return { status, events, deletions, lookAgainAt, message: condition(status, "Running")?.message };
}
const alive = (ready: number, succeeded = 0) => ({ status: { active: 4 - succeeded, ready, succeeded } });

test("a task runs when one shard does, and says how many do, wait and are done", () => {
  expect(planned({ job: alive(1) })).toMatchObject({
    status: { state: "Running", active: 4, ready: 1 },
    message: "1 of 4 shards is running, 3 wait",
  });
  expect(planned({ job: alive(4) }).message).toBe("All 4 shards are running");
  expect(planned({ job: alive(2, 1) }).message).toBe("2 of 4 shards are running, 1 waits, 1 is done");
  expect(planned({ job: alive(2, 2) }).message).toBe("2 of 4 shards are running, 2 are done");
});

test("a task with one pod says nothing of shards", () => {
  const { status, message } = planned({ task: { spec: { shards: 1 } }, job: { status: { active: 1, ready: 1 } } });
  expect([status.state, message]).toEqual(["Running", undefined]);
});

test("what holds up one shard is said while the others run", () => {
  const pods = [ofShard(0), ofShard(1), ofShard(2), ofShard(3, unscheduled)];
  expect(planned({ job: alive(3), pods }).message).toBe(
    "3 of 4 shards are running, 1 waits. Unschedulable: 0/1 nodes: cpu",
  );
  const silent = { metadata: { deletionTimestamp: time(10) }, spec: { nodeName: "far" } };
  expect(planned({ job: alive(3), pods: [ofShard(0), ofShard(1), ofShard(2), ofShard(3, silent)] }).message).toContain(
    "Node far does not answer",
  );
});

test("while no shard runs, the reason is that of the pod that is held up", () => {
  const { status, events } = planned({ job: alive(0), pods: [ofShard(0), ofShard(3, unscheduled)] });
  expect(condition(status, "Running")).toMatchObject({ status: "False", reason: "PodsPending" });
  expect(events).toMatchObject([{ reason: "PodsPending" }]);
  expect(planned({ job: alive(0, 1), pods: [] }).message).toBe(
    "0 of 4 shards are running, 3 wait, 1 is done: waiting for a pod to be ready",
  );
});

test("pods that are refused are asked after when some shards have had none, and said beside those that run", () => {
  const asks = (pods: ShardedSight["pods"] & object, job = { status: { active: 2, ready: 2 } }) => {
    const sight = aShardedSight({ job, pods });
    return sight.jobs[0] !== undefined && shouldReadEvents(sight, sight.jobs[0], at(5));
  };
  expect(asks([ofShard(0), ofShard(1)])).toBe(true);
  // All have had one: the Job waits before it replaces the failed ones.
  expect(asks([0, 1, 2, 3].map((index) => ofShard(index)))).toBe(false);
  expect(asks([ofShard(0), ofShard(1)], alive(4))).toBe(false);
  expect(planned({ job: alive(2), pods: [ofShard(0)], rest: { podsRefused: "exceeded quota" } }).message).toBe(
    "2 of 4 shards are running, 2 wait. exceeded quota",
  );
});

test("one shard out of memory: the next attempt of all has 1.5 times as much, and the message names it", () => {
  const pods = [ofShard(0, anExit(0)), ofShard(1, stopped()), ofShard(2, oom), ofShard(3, stopped())];
  const { status, events } = planned({ task: running, job: failed("PodFailurePolicy", 3), pods });
  expect(status).toMatchObject({ state: "Queued", retries: 1, memory: "1536Mi", attempt: 1 });
  expect(events).toMatchObject([
    { reason: "Retrying", message: "Shard 2 ran out of memory with 1Gi: trying again with 1536Mi" },
  ]);
});

test("a shard that was killed is tried again as it was", () => {
  const pods = [ofShard(0, stopped()), ofShard(1, anExit(137, { finishedAt: time(50) }))];
  const { status, events } = planned({ task: running, job: failed("PodFailurePolicy", 2), pods });
  expect(status).toMatchObject({ state: "Queued", retries: 1 });
  expect(status).not.toHaveProperty("memory");
  expect(events[0]?.message).toBe("The container of shard 1 was killed: trying again");
});

test("a pod that had to be killed when it was told to go is no reason to try again", () => {
  const pods = [ofShard(0, stopped(137)), ofShard(3, anExit(65, { message: "bad", finishedAt: time(50) }))];
  expect(planned({ task: running, job: failed("PodFailurePolicy", 2), pods }).status).toMatchObject({
    state: "Failed",
    failure: { class: "BadData", exitCode: 65, message: "The container of shard 3 ended with exit code 65." },
  });
  const used = [ofShard(0, stopped(137)), ofShard(3, anExit(1, { finishedAt: time(50) }), 3)];
  expect(planned({ task: running, job: failed("MaxFailedIndexesExceeded", 5), pods: used }).status).toMatchObject({
    state: "Failed",
    failure: { class: "TrainerError", exitCode: 1 },
  });
});

test("a shard that has used up its retries fails the task, with its number, its exit code and its last lines", () => {
  const pods = [
    ofShard(0, stopped()),
    ofShard(1, anExit(1, { message: "once", finishedAt: time(55) })),
    ofShard(2, anExit(1, { message: "no route to host", finishedAt: time(50) }), 3),
  ];
  expect(planned({ task: running, job: failed("MaxFailedIndexesExceeded", 7), pods }).status).toMatchObject({
    state: "Failed",
    retries: 4,
    failure: {
      class: "TrainerError",
      exitCode: 1,
      message: "The container of shard 2 ended with exit code 1 after 4 tries.",
      lastLines: ["no route to host"],
    },
  });
});

test("what the trainer says of a shard's failure is told with the shard's number", () => {
  const message = JSON.stringify({ failure: { class: "BadData", message: "row 7 has no target", advice: "add it" } });
  const { failure } = planned({ task: running, job: failed(), pods: [ofShard(1, anExit(65, { message }))] }).status;
  expect(failure).toMatchObject({ message: "Shard 1: row 7 has no target", advice: "add it" });
});

test("each shard has the task's retries for itself: what others used does not count", () => {
  const task = { spec: { backoffLimit: 2 }, status: { ...runningStatus, retries: 1 } };
  const once = [0, 1, 3].map((index) => ofShard(index, stopped(), 1));
  const retried = planned({ task, job: failed("PodFailurePolicy", 7), pods: [...once, ofShard(2, oom)] });
  expect(retried.status).toMatchObject({ state: "Queued", retries: 2 });
  const used = planned({ task, job: failed("PodFailurePolicy", 7), pods: [...once, ofShard(2, oom, 1)] });
  expect(used.status).toMatchObject({ state: "Failed", retries: 3, failure: { class: "OOMKilled" } });
});

test("a Job that failed is not judged by pods that it stopped while news of another may come", () => {
  const sight = { task: running, job: failed("PodFailurePolicy", 2), pods: [ofShard(0, stopped())] };
  expect(planned(sight, 1)).toMatchObject({ status: {}, lookAgainAt: at(2) });
  // None comes where the pod that failed was deleted without grace.
  const { status } = planned(sight, 2);
  expect(status).toMatchObject({ state: "Queued", retries: 1 });
  expect(status).not.toHaveProperty("failure");
  expect(planned({ ...sight, job: failed("MaxFailedIndexesExceeded", 2) }, 2).status.state).toBe("Failed");
});

test("an evicted pod is not why a Job failed", () => {
  const conditions = [{ type: "DisruptionTarget", status: "True", lastTransitionTime: time(58) }];
  const { status: end } = anExit(137, { finishedAt: time(59) });
  const pods = [ofShard(0, { status: { ...end, conditions } }), ofShard(1, anExit(65, { finishedAt: time(50) }))];
  expect(planned({ task: running, job: failed(), pods }).status.failure).toMatchObject({ class: "BadData" });
});

const words = (percent: number, second: number, score: string): string =>
  JSON.stringify({
    trainerStatus: { progressPercentage: percent, lastUpdatedTime: time(second) },
    score: `acc ${score}`,
  });

test("the pod that made the report has the last word of a whole model", () => {
  const pods = [
    ofShard(0, anExit(0, { message: words(100, 50, "0.7"), finishedAt: time(60) })),
    ofShard(1, anExit(0, { message: words(100, 55, "0.9"), finishedAt: time(60) })),
    ofShard(2, anExit(0, { message: words(100, 40, "0.6"), finishedAt: time(60) })),
  ];
  const { status } = planned({ task: { status: { ...runningStatus, ...sealed } }, job: completed, pods });
  expect(status).toMatchObject({ state: "Succeeded", score: "acc 0.9" });
});

test("the last words of shards that were stopped are put together, and progress is not less than it was", () => {
  const cancelled = (before: number) => {
    const status = {
      ...runningStatus,
      trainerStatus: { progressPercentage: before, lastUpdatedTime: time(20) },
    };
    const pods = [0, 1, 2, 3].map((index) =>
      ofShard(index, { ...stopped(143, words(10 * (index + 1), 50 + index, `0.${index + 1}`)) }),
    );
    const job = { metadata: { deletionTimestamp: time(30) }, status: { active: 0, ready: 0, terminating: 0 } };
    return planned({ task: { spec: { cancel: true }, status }, job, pods }).status;
  };
  // Of ten trees, shards 0 and 1 have three each: (3 x 10 + 3 x 20 + 2 x 30 + 2 x 40) / 10.
  expect(cancelled(5)).toMatchObject({
    state: "Cancelled",
    score: "acc 0.1",
    trainerStatus: { progressPercentage: 23, lastUpdatedTime: time(53) },
  });
  expect(cancelled(60).trainerStatus?.progressPercentage).toBe(60);
});

test("the time that shards ran side by side counts once", () => {
  const run = (from: number, to: number) => anExit(0, { startedAt: time(from), finishedAt: time(to) });
  const pods = [ofShard(0, run(10, 30)), ofShard(1, run(5, 20)), ofShard(2, run(40, 45))];
  const { status } = planned({ task: { status: { attempt: 1, ...sealed } }, job: completed, pods });
  expect(status).toMatchObject({ ranSeconds: 30, startTime: time(5) });
});
