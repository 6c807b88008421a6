/**
 * Shards grow one forest side by side: tree i belongs to shard i mod shards. Each shard's trainer tells of its own trees
 * alone; what is true of the task is put together here, by the API while it runs and by the operator at its end.
 */
import type { Progress } from "./progress.ts";

export interface ShardedForest {
  readonly shards: number;
  /** Trees of the whole forest. */
  readonly trees: number;
}

/** Of `trees` trees, how many belong to this shard; 0 for shards beyond the number of trees. */
export function treesOfShard(shard: number, { shards, trees }: ShardedForest): number {
  return Math.floor((trees + shards - 1 - shard) / shards);
}

/**
 * One word for all shards: trees grown of trees asked, the time left of the slowest, and metrics, curve and score of
 * shard 0. The time left is unknown while a shard that has trees to grow does not know its own.
 * @param words the latest word of each shard that has said one
 */
export function combinedProgress(words: ReadonlyMap<number, Progress>, forest: ShardedForest): Progress | undefined {
  const said = [...words.values()].map(({ trainerStatus }) => trainerStatus);
  const [first] = said;
  if (first === undefined) return undefined;
  const newest = said.reduce((a, b) => (Date.parse(b.lastUpdatedTime) > Date.parse(a.lastUpdatedTime) ? b : a), first);
  const remaining = slowest(words, forest);
  const { trainerStatus, ...rest } = words.get(0) ?? {};
  return {
    ...rest,
    trainerStatus: {
      progressPercentage: percentage(words, forest),
      ...(remaining === undefined ? {} : { estimatedRemainingSeconds: remaining }),
      ...(trainerStatus?.metrics === undefined ? {} : { metrics: trainerStatus.metrics }),
      lastUpdatedTime: newest.lastUpdatedTime,
    },
  };
}

function percentage(words: ReadonlyMap<number, Progress>, forest: ShardedForest): number {
  let sum = 0;
  for (const [shard, { trainerStatus }] of words) {
    sum += treesOfShard(shard, forest) * (trainerStatus.progressPercentage ?? 0);
  }
  return Math.min(100, Math.floor(sum / forest.trees));
}

function slowest(words: ReadonlyMap<number, Progress>, forest: ShardedForest): number | undefined {
  let most = 0;
  for (let shard = 0; shard < Math.min(forest.shards, forest.trees); shard++) {
    const left = words.get(shard)?.trainerStatus.estimatedRemainingSeconds;
    if (left === undefined) return undefined;
    most = Math.max(most, left);
  }
  return most;
}
