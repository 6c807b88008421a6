/** A task's Jobs and pods as the caches have them: those of its own namespace that bear its uid. */
import { indexes } from "./caches.ts";
import type { Caches } from "./caches.ts";
import { UnreadableChildError } from "./unreadable.ts";
import type { UnreadableChild } from "./unreadable.ts";
import type { JobView, PodView, TaskView } from "./views.ts";

export interface Children {
  readonly jobs: readonly JobView[];
  readonly pods: readonly PodView[];
  /** Why one of them cannot be read. */
  readonly unreadable?: string;
}

type JobsAndPods = Pick<Caches, "jobs" | "pods">;

export function childrenOf({ jobs, pods }: JobsAndPods, { metadata }: TaskView): Children {
  const { uid, namespace } = metadata;
  // Labels can be written by anybody who may create pods, in a namespace of theirs.
  const isHere = (child: JobView | PodView): boolean => child.metadata.namespace === namespace;
  const unreadable = rejectedIn({ jobs, pods }).find(
    ({ child }) => child.taskUid === uid && child.namespace === namespace,
  );
  return {
    jobs: jobs.store.byIndex(indexes.byTask, uid).filter(isHere),
    pods: pods.store.byIndex(indexes.byTask, uid).filter(isHere),
    ...(unreadable === undefined ? {} : { unreadable: unreadable.message }),
  };
}

/** What may be running in this queue although it cannot be read. */
export function unreadableIn(caches: JobsAndPods, queue: string): UnreadableChild[] {
  return rejectedIn(caches)
    .map(({ child }) => child)
    .filter((child) => child.queue === queue && child.taskUid !== "" && !child.isOver);
}

function rejectedIn({ jobs, pods }: JobsAndPods): UnreadableChildError[] {
  const errors = [...jobs.rejected.values(), ...pods.rejected.values()];
  return errors.filter((error) => error instanceof UnreadableChildError);
}
