/**
 * Holds what the API says against what the cluster has: its counts against the tasks and Jobs at the very versions that
 * they name, and its word that a task runs against the pods.
 */
import { expect } from "vitest";
import { clusterConfig } from "../../kube/config.ts";
import { httpsTransport } from "../../kube/https-transport.ts";
import { jobs, type Job, type KubeObject, type Resource } from "../../kube/objects.ts";
import { labels, trainTasks } from "../../traintask/names.ts";
import { parseTrainTask } from "../../traintask/parse.ts";
import { jobFacts, stateOf } from "../../traintask/state.ts";
import { ask } from "../contract/ask.ts";
import type { Installation } from "../cost/installation.ts";

interface Counts {
  readonly resourceVersions: { readonly tasks: string; readonly jobs: string };
  readonly [state: string]: unknown;
}

export interface Recount {
  /** @throws AssertionError when the API's counts are not those of the versions that it names */
  compare(): Promise<void>;
  /** How often they were compared. */
  readonly times: number;
  close(): Promise<void>;
}

export async function recount(installed: Installation): Promise<Recount> {
  const { namespace } = installed;
  const transport = httpsTransport(await clusterConfig());
  /** All objects as they were at a version. */
  const listAt = async <T extends KubeObject>(resource: Resource, version: string): Promise<T[]> => {
    const { group, version: api, plural } = resource;
    const exactly = `resourceVersion=${version}&resourceVersionMatch=Exact`;
    const reply = await ask({ transport }, `/apis/${group}/${api}/namespaces/${namespace}/${plural}?${exactly}`);
    expect(reply.status, reply.text.slice(0, 300)).toBe(200);
    return reply.json<{ items: T[] }>().items;
  };
  let times = 0;
  return {
    get times() {
      return times;
    },
    async compare() {
      const { text } = await installed.call({ method: "GET", path: `/v1/counts?namespace=${namespace}` });
      const { resourceVersions: at, asOf: _, ...said } = JSON.parse(text) as Counts;
      const [tasks, allJobs] = await Promise.all([listAt(trainTasks, at.tasks), listAt<Job>(jobs, at.jobs)]);
      const counted: Record<string, number> = Object.fromEntries(Object.keys(said).map((state) => [state, 0]));
      counted["total"] = tasks.length;
      for (const task of tasks.map(parseTrainTask)) {
        const newest = newestJob(allJobs, task.metadata.uid);
        const state = stateOf(task, newest && jobFacts(newest)).toLowerCase();
        counted[state] = (counted[state] ?? 0) + 1;
      }
      expect(said, `at tasks ${at.tasks}, jobs ${at.jobs}`).toEqual(counted);
      times += 1;
    },
    close: () => transport.close(),
  };
}

const attemptOf = ({ metadata }: Job): number => Number(metadata?.labels?.[labels.attempt]);

function newestJob(all: readonly Job[], taskUid: string): Job | undefined {
  return all
    .filter(({ metadata }) => metadata?.labels?.[labels.taskUid] === taskUid)
    .toSorted((a, b) => attemptOf(a) - attemptOf(b))
    .at(-1);
}

export interface Disagreement {
  /** Asks the API once, and the pods. */
  look(ready: ReadonlySet<string>): Promise<void>;
  /** The longest, in milliseconds, that the API called a task running that had no ready pod, or the other way round. */
  readonly longestMs: number;
}

/** Sampled: each look is as long as its question to the API takes. */
export function disagreement(installed: Installation): Disagreement {
  const since = new Map<string, number>();
  let longestMs = 0;
  return {
    get longestMs() {
      return longestMs;
    },
    async look(ready) {
      const path = `/v1/tasks?namespace=${installed.namespace}&state=Running&limit=500`;
      const { text } = await installed.call({ method: "GET", path });
      const { items } = JSON.parse(text) as { items: { metadata: { name: string } }[] };
      const running = new Set(items.map(({ metadata }) => metadata.name));
      const now = performance.now();
      const apart = new Set([...running, ...ready].filter((task) => running.has(task) !== ready.has(task)));
      for (const task of since.keys()) if (!apart.has(task)) since.delete(task);
      for (const task of apart) {
        const began = since.get(task) ?? now;
        since.set(task, began);
        longestMs = Math.max(longestMs, now - began);
      }
    },
  };
}
