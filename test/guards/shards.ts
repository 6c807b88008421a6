/** Guards of tasks with several shards, in all folders: each one, removed, must turn its test red. */
import type { Guard } from "./guard.ts";

export const guards: Guard[] = [
  {
    name: "a pod that was told to go is not why its Job of shards failed",
    file: "operator/cause.ts",
    find: "Number(a.stopped) - Number(b.stopped) ||",
    replace: "",
    test: "operator/shards.test.ts",
  },
  {
    name: "failures of other shards are not counted against a shard's retries",
    file: "operator/retries.ts",
    find: "if (!isSharded(task)) return job.status.failed ?? 0;",
    replace: "if (task !== undefined) return job.status.failed ?? 0;",
    test: "operator/shards.test.ts",
  },
  {
    name: "a Job of shards is not judged by the pods that it stopped while news of another may come",
    file: "operator/retries.ts",
    find: "&& !(isSharded(task) && end.stopped)",
    replace: "",
    test: "operator/shards.test.ts",
  },
  {
    name: "a shard that has used up its retries ends the task",
    file: "operator/job.ts",
    find: "maxFailedIndexes: 0,",
    replace: "",
    test: "operator/sharded-job.test.ts",
  },
  {
    name: "the last words of some shards do not take progress back",
    file: "operator/last-words.ts",
    find: "Math.max(now, status.trainerStatus?.progressPercentage ?? 0)",
    replace: "now",
    test: "operator/shards.test.ts",
  },
  {
    name: "the time that shards run side by side counts once",
    file: "operator/finish.ts",
    find: "Math.max(startedAt, until)",
    replace: "startedAt",
    test: "operator/shards.test.ts",
  },
  {
    name: "a pod without an index is not taken for shard 0",
    file: "api/fence.ts",
    find: '[labels.completionIndex] ?? ""',
    replace: '[labels.completionIndex] ?? "0"',
    test: "api/shards.test.ts",
  },
  {
    name: "a pod of a shard that the task does not have may do nothing",
    file: "api/fence.ts",
    find: " || Number(index) >= spec.shards",
    replace: "",
    test: "api/shards.test.ts",
  },
  {
    name: "whoever stores the last chunk of its shard is told exactly which parts are open",
    file: "api/endpoints/put-chunk.ts",
    find: "done ? await artifacts.parts(part.task, part.stream) : await others(one)",
    replace: "await others(one)",
    test: "api/shards.test.ts",
  },
  {
    name: "merging many shards keeps no hold of their chunks",
    file: "api/sealing/model-bytes.ts",
    find: "yield Buffer.concat(pieces);",
    replace: "yield* pieces;",
    test: "api/sealing/model-bytes.test.ts",
  },
  {
    name: "a word of one shard is not taken for told because another one spoke later",
    file: "api/live-progress.ts",
    find: "(spec.shards === 1 && [...",
    replace: "([...",
    test: "api/sharded-progress.test.ts",
  },
  {
    name: "a shard whose end nobody saw does not fail its task",
    file: "operator/retries.ts",
    find: "isKnown ? nextAttempt(observed, job, end) : afterUnseen(job)",
    replace: "end === undefined ? undefined : nextAttempt(observed, job, end)",
    test: "operator/shards.test.ts",
  },
];
