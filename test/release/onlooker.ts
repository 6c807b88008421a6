/**
 * Looks on at the pods and Jobs of one namespace while things go wrong there, and tells afterwards whether a task ever ran
 * twice at the same time, and how many slots were held at most.
 */
import { systemClock as clock } from "../../kube/clock.ts";
import type { KubeClient } from "../../kube/client.ts";
import { silentLog } from "../../kube/log.ts";
import { type Job, jobs, type Pod, pods } from "../../kube/objects.ts";
import { startReflector } from "../../kube/reflector.ts";
import { labels } from "../../traintask/names.ts";

/** When a pod's container ran, in milliseconds since 1970. */
export interface Life {
  readonly pod: string;
  readonly from: number;
  readonly to: number;
}

export interface Onlooker {
  /** Of each task the lives of its pods, in order. */
  lives(task: string): Life[];
  /** Pairs of pods of one task, and of one shard of it, that ran at the same time. */
  readonly overlaps: readonly string[];
  /** Most Jobs that had not ended at one moment. */
  readonly mostJobs: number;
  stop(): Promise<void>;
}

export async function lookOn(client: KubeClient, namespace: string): Promise<Onlooker> {
  const stop = new AbortController();
  const common = { client, clock, log: silentLog, namespace, labelSelector: labels.taskUid, signal: stop.signal };
  const seen = new Map<string, { readonly task: string; readonly shard: string; life: Life }>();
  let mostJobs = 0;
  const podCache = startReflector<Pod, Pod>({ ...common, resource: pods, project: (pod) => pod });
  const jobCache = startReflector<Job, Job>({ ...common, resource: jobs, project: (job) => job });
  podCache.store.subscribe(({ type, object }) => {
    const life = lifeOf(object, type === "deleted");
    if (life !== undefined)
      seen.set(object.metadata?.uid ?? "", { task: taskOf(object), shard: shardOf(object), life });
  });
  jobCache.store.subscribe(() => {
    mostJobs = Math.max(mostJobs, jobCache.store.list().filter((job) => !isOver(job)).length);
  });
  await Promise.all([podCache.synced, jobCache.synced]);
  const lives = (task: string, shard?: string): Life[] =>
    [...seen.values()]
      .filter((one) => one.task === task && (shard === undefined || one.shard === shard))
      .map(({ life }) => life)
      .toSorted((a, b) => a.from - b.from);
  return {
    lives,
    get overlaps() {
      const all = new Map(Array.from(seen.values(), ({ task, shard }) => [`${task} ${shard}`, { task, shard }]));
      return [...all.values()].flatMap(({ task, shard }) =>
        overlapsIn(lives(task, shard)).map((pair) => `${task}: ${pair}`),
      );
    },
    get mostJobs() {
      return mostJobs;
    },
    async stop() {
      stop.abort();
      await Promise.all([podCache.stopped, jobCache.stopped]);
    },
  };
}

const shardOf = ({ metadata }: Pod): string => metadata?.labels?.[labels.completionIndex] ?? "";

const taskOf = ({ metadata }: Pod): string => metadata?.labels?.[labels.task] ?? "";

function isOver({ status }: Job): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: is }) => (type === "Complete" || type === "Failed") && is === "True",
  );
}

function lifeOf(pod: Pod, deleted: boolean): Life | undefined {
  const { running, terminated } = pod.status?.containerStatuses?.[0]?.state ?? {};
  const startedAt = terminated?.startedAt ?? running?.startedAt;
  if (startedAt === undefined) return undefined;
  const end = terminated?.finishedAt ?? (deleted ? new Date(clock.now()).toISOString() : undefined);
  const to = end === undefined ? Number.POSITIVE_INFINITY : Date.parse(String(end));
  return { pod: pod.metadata?.name ?? "", from: Date.parse(String(startedAt)), to };
}

/** Kubernetes tells times in whole seconds. */
function overlapsIn(lives: readonly Life[]): string[] {
  return lives.flatMap((life, index) => {
    const next = lives[index + 1];
    return next === undefined || next.from >= life.to ? [] : [`${life.pod} and ${next.pod}`];
  });
}
