/** What the operator sees of a task with several shards: one Job, and a pod for each index. */
import type { Job, Pod } from "../../kube/objects.ts";
import type { Observed } from "../../operator/observed.ts";
import { projectPod } from "../../operator/project.ts";
import { labels } from "../../traintask/names.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { aPod, aTrainTask, type Overrides } from "./objects.ts";
import { anObserved } from "./observed.ts";

export interface ShardedSight {
  readonly task?: Overrides<TrainTask>;
  readonly job?: Overrides<Job>;
  readonly pods?: readonly Overrides<Pod>[];
  readonly rest?: Partial<Observed>;
}

/** A task of four shards. */
export function aShardedTask({ spec = {}, ...rest }: Overrides<TrainTask> = {}): Overrides<TrainTask> {
  return { ...rest, spec: { shards: 4, ...spec } };
}

export function aShardedSight({ task = {}, job, pods = [], rest = {} }: ShardedSight): Observed {
  const sharded = aShardedTask(task);
  const of = { task: aTrainTask(sharded) };
  const seen = anObserved({ task: sharded, ...(job === undefined ? {} : { job }) });
  return { ...seen, pods: pods.map((pod) => projectPod(aPod(pod, of))), ...rest };
}

/** The pod of this index, of which earlier pods failed so often. */
export function ofShard(index: number, pod: Overrides<Pod> = {}, failures = 0): Overrides<Pod> {
  const { metadata, ...rest } = pod;
  return {
    ...rest,
    metadata: {
      name: `iris-${index}-${failures}`,
      uid: `pod-${index}-${failures}`,
      ...metadata,
      labels: { [labels.completionIndex]: String(index) },
      annotations: { "batch.kubernetes.io/job-index-failure-count": String(failures) },
    },
  };
}
