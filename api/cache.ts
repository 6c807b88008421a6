/**
 * What the API knows without asking: all tasks and our Jobs, kept up to date by watches. Answers that must be true to
 * the last write (one task, a pod's right to write) ask the API server instead.
 */
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log } from "../kube/log.ts";
import { formatKey } from "../kube/keys.ts";
import { jobs } from "../kube/objects.ts";
import { startReflectorIn } from "../kube/joined-reflector.ts";
import type { Change, Store } from "../kube/store.ts";
import { labels, trainTasks } from "../traintask/names.ts";
import type { State } from "../traintask/reasons.ts";
import { stateOf } from "../traintask/state.ts";
import type { TrainTask } from "../traintask/task.ts";
import { projectJob, projectTask } from "./projection.ts";
import type { JobView } from "./projection.ts";
import { resourceVersionsOf } from "./resource-versions.ts";
import type { ResourceVersions } from "./resource-versions.ts";

export interface Cache {
  /** Whether both lists have been read once. */
  readonly synced: boolean;
  /** Where the caches stand. @param namespace absent: in all that are watched */
  resourceVersions(namespace?: string): ResourceVersions;
  /** Changes whenever a task or a Job does. */
  readonly version: number;
  tasks(): readonly TrainTask[];
  task(key: { namespace: string; name: string }): TrainTask | undefined;
  taskByUid(uid: string): TrainTask | undefined;
  /** The Job of the task's latest attempt. */
  jobOf(uid: string): JobView | undefined;
  stateOf(task: TrainTask): State;
  onTask(listener: (change: Change<TrainTask>) => void): () => void;
  onJob(listener: (change: Change<JobView>) => void): () => void;
}

export interface CacheOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The namespaces that are watched; empty: all. */
  readonly watchNamespaces: readonly string[];
}

export interface RunningCache extends Cache {
  /** Resolves after the first complete lists, or when stopped before. */
  readonly filled: Promise<void>;
  readonly stopped: Promise<void>;
}

/** Starts the watches. */
export function startCache({ watchNamespaces, ...options }: CacheOptions): RunningCache {
  let version = 0;
  const onProgress = (): void => {
    version += 1;
  };
  const tasks = startReflectorIn(watchNamespaces, {
    ...options,
    resource: trainTasks,
    project: projectTask,
    indexes: { uid: (task: TrainTask) => [task.metadata.uid] },
    onProgress,
  });
  const jobViews = startReflectorIn(watchNamespaces, {
    ...options,
    resource: jobs,
    labelSelector: labels.taskUid,
    project: projectJob,
    indexes: { task: (job: JobView) => [job.taskUid] },
    onProgress,
  });
  return {
    get synced() {
      return tasks.hasSynced && jobViews.hasSynced;
    },
    resourceVersions: (namespace) => resourceVersionsOf({ tasks, jobs: jobViews }, watchNamespaces, namespace),
    get version() {
      return version;
    },
    ...readers(tasks.store, jobViews.store),
    filled: Promise.all([tasks.synced, jobViews.synced]).then(() => undefined),
    stopped: Promise.all([tasks.stopped, jobViews.stopped]).then(() => undefined),
  };
}

/** The questions that two stores answer. */
function readers(tasks: Store<TrainTask>, jobViews: Store<JobView>) {
  const jobOf = (uid: string): JobView | undefined => {
    const all = jobViews.byIndex("task", uid);
    return all.reduce<JobView | undefined>(
      (latest, job) => (latest === undefined || job.attempt > latest.attempt ? job : latest),
      undefined,
    );
  };
  return {
    tasks: () => tasks.list(),
    task: (key: { namespace: string; name: string }) => tasks.get(formatKey(key)),
    taskByUid: (uid: string) => tasks.byIndex("uid", uid)[0],
    jobOf,
    stateOf: (task: TrainTask) => stateOf(task, jobOf(task.metadata.uid)?.facts),
    onTask: (listener: (change: Change<TrainTask>) => void) => tasks.subscribe(listener),
    onJob: (listener: (change: Change<JobView>) => void) => jobViews.subscribe(listener),
  };
}
