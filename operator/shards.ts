/** Sentences about a task whose Job has several pods, one per shard. */
import type { JobView, PodView, TaskView } from "./views.ts";

export function isSharded({ spec }: TaskView): boolean {
  return spec.shards > 1;
}

interface Standing {
  readonly running: number;
  /** Neither running nor done. */
  readonly waiting: number;
  readonly done: number;
}

function standingOf({ spec }: TaskView, { status }: JobView): Standing {
  const { ready = 0, succeeded = 0 } = status;
  return { running: ready, waiting: Math.max(0, spec.shards - ready - succeeded), done: succeeded };
}

/** "3 of 4 shards are running, 1 is done". */
export function shardsSentence(task: TaskView, job: JobView): string {
  const { running, waiting, done } = standingOf(task, job);
  const { shards } = task.spec;
  return [
    running === shards ? `All ${shards} shards are running` : `${running} of ${shards} shards ${are(running)} running`,
    ...(waiting === 0 ? [] : [`${waiting} ${waiting === 1 ? "waits" : "wait"}`]),
    ...(done === 0 ? [] : [`${done} ${are(done)} done`]),
  ].join(", ");
}

const are = (count: number): string => (count === 1 ? "is" : "are");

/** Some shards neither run nor are done. */
export function haveShardsToWait(task: TaskView, job: JobView): boolean {
  return standingOf(task, job).waiting > 0;
}

/** Shards of which no pod was ever made, as far as the cache knows. */
export function lacksShards(task: TaskView, pods: readonly PodView[]): boolean {
  return new Set(pods.map(({ shard }) => shard?.index)).size < task.spec.shards;
}
