/** Places in a queue, computed when asked: the operator stores those of the first ten only. */
import { queueOrder } from "../traintask/order.ts";
import type { TrainTask } from "../traintask/task.ts";
import type { Cache } from "./cache.ts";

/** Place by uid, the next task being 1, of all tasks that wait in this queue. */
export function queuePositions(
  cache: Pick<Cache, "tasks" | "stateOf" | "version">,
  queue: string,
): ReadonlyMap<string, number> {
  const known = memory.get(cache);
  const current = known?.version === cache.version ? known : { version: cache.version, queues: new Map() };
  memory.set(cache, current);
  const positions = current.queues.get(queue) ?? compute(cache, queue);
  current.queues.set(queue, positions);
  return positions;
}

interface Known {
  readonly version: number;
  readonly queues: Map<string, ReadonlyMap<string, number>>;
}
/** A list shows many tasks of one instant: the order is computed once for it. */
const memory = new WeakMap<object, Known>();

function compute(cache: Pick<Cache, "tasks" | "stateOf">, queue: string): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  const waiting: TrainTask[] = [];
  for (const task of cache.tasks()) {
    if (task.spec.queue !== queue) continue;
    const state = cache.stateOf(task);
    if (state === "Queued") waiting.push(task);
    if (state === "Starting" || state === "Running")
      held.set(task.metadata.namespace, (held.get(task.metadata.namespace) ?? 0) + 1);
  }
  const entries = waiting.map(({ metadata, spec }) => ({
    namespace: metadata.namespace,
    uid: metadata.uid,
    creationTimestamp: metadata.creationTimestamp,
    priority: spec.priority,
  }));
  return new Map(queueOrder(entries, held).map((entry, index) => [entry.uid, index + 1]));
}
