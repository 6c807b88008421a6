/**
 * The operator's caches: tasks, queues, and of Jobs and pods those that bear our label. They are filled anew for each
 * term as leader, with lists that show every write made before the term began.
 */
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { jobs, pods } from "../kube/objects.ts";
import type { KubeObject } from "../kube/objects.ts";
import { startReflectorIn } from "../kube/joined-reflector.ts";
import { startReflector } from "../kube/reflector.ts";
import type { Reflector } from "../kube/reflector.ts";
import { labels, trainQueues, trainTasks } from "../traintask/names.ts";
import { projectJob, projectPod, projectQueue, projectTask } from "./project.ts";
import type { JobView, PodView, QueueView, TaskView } from "./views.ts";

export interface Caches {
  readonly tasks: Reflector<TaskView>;
  readonly queues: Reflector<QueueView>;
  readonly jobs: Reflector<JobView>;
  readonly pods: Reflector<PodView>;
  readonly stopped: Promise<void>;
}

export interface CacheOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The namespaces whose tasks, Jobs and pods are watched; empty: all. */
  readonly watchNamespaces: readonly string[];
  /** Called when the cache of Jobs may have moved on. */
  readonly onJobsProgress: () => void;
}

/** Indexes of the stores. Jobs and pods are found by the uid of their task. */
export const indexes = { byQueue: "byQueue", byTask: "byTask" } as const;

export const taskIndexes = { [indexes.byQueue]: ({ spec }: TaskView): string[] => [spec.queue] };

export function startCaches({ onJobsProgress, watchNamespaces, ...options }: CacheOptions): Caches {
  const labelSelector = labels.taskUid;
  const byOwner = {
    [indexes.byTask]: ({ taskUid }: JobView | PodView) => [taskUid],
    [indexes.byQueue]: ({ queue }: JobView | PodView) => [queue],
  };
  const caches = {
    tasks: startReflectorIn<KubeObject, TaskView>(watchNamespaces, {
      ...options,
      resource: trainTasks,
      project: projectTask,
      indexes: taskIndexes,
    }),
    queues: startReflector<KubeObject, QueueView>({ ...options, resource: trainQueues, project: projectQueue }),
    jobs: startReflectorIn(watchNamespaces, {
      ...options,
      resource: jobs,
      labelSelector,
      project: projectJob,
      indexes: byOwner,
      onProgress: onJobsProgress,
    }),
    pods: startReflectorIn(watchNamespaces, {
      ...options,
      resource: pods,
      labelSelector,
      project: projectPod,
      indexes: byOwner,
    }),
  };
  const all = Object.values(caches);
  return { ...caches, stopped: Promise.all(all.map(({ stopped }) => stopped)).then(() => undefined) };
}

/** Resolves when every cache holds a complete list, or the signal has aborted. */
export async function synced({ tasks, queues, jobs: jobCache, pods: podCache }: Caches): Promise<void> {
  await Promise.all([tasks.synced, queues.synced, jobCache.synced, podCache.synced]);
}

/** A cache that has heard nothing for so long, in milliseconds, may be cut off: nothing is admitted from it. */
const deafAfterMs = 90_000;

/**
 * For how many milliseconds the most silent cache has heard nothing of its server; undefined when one has heard nothing
 * at all. @param monotonic the clock's monotonic milliseconds
 */
export function silentMs(
  { tasks, queues, jobs: jobCache, pods: podCache }: Caches,
  monotonic: number,
): number | undefined {
  const silences = [tasks, queues, jobCache, podCache].map(({ lastHeard = Number.NaN }) => monotonic - lastHeard);
  const longest = Math.max(...silences);
  return Number.isNaN(longest) ? undefined : longest;
}

/** Whether every cache has heard of its server lately. @param monotonic the clock's monotonic milliseconds */
export function areFresh(caches: Caches, monotonic: number): boolean {
  const silent = silentMs(caches, monotonic);
  return silent !== undefined && silent <= deafAfterMs;
}
