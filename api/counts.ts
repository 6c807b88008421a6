/** How many tasks are in each state, over one instant of the caches: the same `stateOf` that filters the list. */
import type { State } from "../traintask/reasons.ts";
import type { TrainTask } from "../traintask/task.ts";
import type { Cache } from "./cache.ts";

export interface Counts {
  readonly queued: number;
  readonly starting: number;
  readonly running: number;
  readonly finishing: number;
  readonly suspended: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly total: number;
}

const members: Readonly<Record<State, Exclude<keyof Counts, "total">>> = {
  Queued: "queued",
  Starting: "starting",
  Running: "running",
  Finishing: "finishing",
  Suspended: "suspended",
  Succeeded: "succeeded",
  Failed: "failed",
  Cancelled: "cancelled",
};

/** Counted once for each instant, however often it is asked. */
const counted = new WeakMap<object, { readonly version: number; readonly counts: Counts }>();

type Needs = Pick<Cache, "tasks" | "stateOf" | "version">;

/** @param namespace absent: all of them */
export function countTasks(cache: Needs, namespace?: string): Counts {
  if (namespace !== undefined) return count(cache, (task) => task.metadata.namespace === namespace);
  const known = counted.get(cache);
  if (known?.version === cache.version) return known.counts;
  const { version } = cache;
  const counts = count(cache, () => true);
  counted.set(cache, { version, counts });
  return counts;
}

function count(cache: Needs, belongs: (task: TrainTask) => boolean): Counts {
  const counts = {
    queued: 0,
    starting: 0,
    running: 0,
    finishing: 0,
    suspended: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    total: 0,
  };
  for (const task of cache.tasks()) {
    if (!belongs(task)) continue;
    counts[members[cache.stateOf(task)]] += 1;
    counts.total += 1;
  }
  return counts;
}
