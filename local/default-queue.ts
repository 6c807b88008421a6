/** The TrainQueue `default`, which every task belongs to that names none: made at the first start, changed when asked. */
import type { KubeObject } from "../kube/objects.ts";
import { apiVersion, defaultQueueName, trainQueues } from "../traintask/names.ts";
import type { Registry } from "./registry.ts";

export interface DefaultQueueOptions {
  readonly registry: Registry;
  /** Tasks that may run at once; undefined keeps what the queue says. */
  readonly maxRunning: number | undefined;
  /** Used where neither the user nor the queue says anything. */
  readonly cores: number;
}

interface Queue extends KubeObject {
  spec: { maxRunning?: number };
}

/** @returns how many tasks of the queue may run at once */
export function defaultQueue({ registry, maxRunning, cores }: DefaultQueueOptions): number {
  const found = registry.get<Queue>(trainQueues, { name: defaultQueueName });
  const wanted = maxRunning ?? found?.spec.maxRunning ?? cores;
  if (found === undefined) {
    const metadata = { name: defaultQueueName };
    registry.create<Queue>(trainQueues, { apiVersion, kind: trainQueues.kind, metadata, spec: { maxRunning: wanted } });
  } else if (found.spec.maxRunning !== wanted) {
    registry.update<Queue>(trainQueues, { ...found, spec: { ...found.spec, maxRunning: wanted } });
  }
  return wanted;
}
