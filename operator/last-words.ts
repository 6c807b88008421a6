/**
 * What a task's status keeps of its pods' last words. One pod's are the task's. Of several shards the pod that made the
 * report speaks last and for all; where a task ends without one, what each shard says of its own trees is put together.
 */
import type { Progress } from "../traintask/progress.ts";
import { combinedProgress } from "../traintask/shards.ts";
import { instant } from "../kube/timestamp.ts";
import { newerWords } from "./termination.ts";
import type { Ended, LastWords } from "./termination.ts";
import type { TaskView } from "./views.ts";

/** Of a task that ends so; empty where the API has written something newer. */
export function lastWords({ spec, status }: TaskView, ends: readonly Ended[], end: "Complete" | "Failed"): LastWords {
  if (spec.shards === 1 || end === "Complete") return newerWords(status, ends);
  const trees = spec.trainer.randomForest?.nEstimators ?? 1;
  const words = combinedProgress(byShard(ends), { shards: spec.shards, trees });
  const newer = newerWords(status, words === undefined ? [] : [{ words }]);
  if (newer.trainerStatus === undefined) return {};
  // A shard whose pod is gone says nothing here; what is stored of it is no less for that.
  const { progressPercentage: now = 0 } = newer.trainerStatus;
  const progressPercentage = Math.max(now, status.trainerStatus?.progressPercentage ?? 0);
  return { ...newer, trainerStatus: { ...newer.trainerStatus, progressPercentage } };
}

/** The newest word of each shard. */
function byShard(ends: readonly Ended[]): Map<number, Progress> {
  const words = new Map<number, Progress>();
  for (const { shard, words: said } of ends) {
    const { trainerStatus } = said;
    if (shard === undefined || trainerStatus === undefined) continue;
    const known = instant(words.get(shard.index)?.trainerStatus.lastUpdatedTime) ?? Number.NEGATIVE_INFINITY;
    if ((instant(trainerStatus.lastUpdatedTime) ?? 0) >= known) words.set(shard.index, { ...said, trainerStatus });
  }
  return words;
}
