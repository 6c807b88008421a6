/** What a test sees of an installation with watches of its own: how much ran at once, and whose pods are ready. */
import { systemClock as clock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { jobs, pods, type Job, type KubeObject, type Pod } from "../../kube/objects.ts";
import { startReflector } from "../../kube/reflector.ts";
import { labels, trainTasks } from "../../traintask/names.ts";
import { parseTrainTask } from "../../traintask/parse.ts";
import { jobFacts, terminalCondition } from "../../traintask/state.ts";
import type { Installation } from "../cost/installation.ts";

export interface Watched {
  /** The most Jobs, and the most pods, that had not ended at one version of the cluster. */
  readonly most: { readonly jobs: number; readonly pods: number };
  /** The tasks that have not ended, each with its state. */
  unfinished(): string[];
  /** Pods that run and are not being deleted, by name. */
  live(): Pod[];
  /** Names of the tasks that have a ready pod. */
  ready(): Set<string>;
  readonly stopped: Promise<unknown>;
}

export async function watchInstallation({ namespace, client }: Installation, signal: AbortSignal): Promise<Watched> {
  const all = { client, clock, log: silentLog, signal, namespace };
  const tasks = startReflector({
    ...all,
    resource: trainTasks,
    project: (object: KubeObject) => {
      const task = parseTrainTask(object);
      const { state, attempt, retries } = task.status;
      return terminalCondition(task) === undefined
        ? `${task.metadata.name} (${JSON.stringify({ state, attempt, retries })})`
        : undefined;
    },
  });
  const options = { ...all, labelSelector: labels.taskUid };
  const jobCache = startReflector({ ...options, resource: jobs, project: (job: Job) => job });
  const podCache = startReflector({ ...options, resource: pods, project: (pod: Pod) => pod });
  const most = { jobs: 0, pods: 0 };
  jobCache.store.subscribe(() => {
    most.jobs = Math.max(most.jobs, jobCache.store.list().filter((job) => !jobFacts(job).terminal).length);
  });
  podCache.store.subscribe(() => {
    most.pods = Math.max(most.pods, podCache.store.list().filter((pod) => !isOver(pod)).length);
  });
  await Promise.all([tasks.synced, jobCache.synced, podCache.synced]);
  return {
    most,
    unfinished: () => tasks.store.list().filter((task) => task !== undefined),
    live: () =>
      podCache.store
        .list()
        .filter((pod) => pod.status?.phase === "Running" && pod.metadata?.deletionTimestamp === undefined)
        .toSorted((a, b) => ((a.metadata?.name ?? "") < (b.metadata?.name ?? "") ? -1 : 1)),
    ready: () => new Set(podCache.store.list().filter(isReady).map(taskOf)),
    stopped: Promise.all([tasks.stopped, jobCache.stopped, podCache.stopped]),
  };
}

const isOver = ({ status }: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";
const isReady = ({ status }: Pod): boolean =>
  status?.phase === "Running" &&
  (status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false);
const taskOf = ({ metadata }: Pod): string => metadata?.labels?.[labels.task] ?? "";
