/**
 * Who holds a queue's slots. Recounted from the cache each time, never kept as a counter that could drift. A slot is
 * held by each Job that has not ended, and by each Job some pod of which has not, whether the Job is still there or
 * not: a pod that is terminating, orphaned or on a silent node still uses what the limit is meant to protect.
 */
import { formatKey } from "../kube/keys.ts";
import { isJobTerminal, isPodOver } from "./observed.ts";
import type { UnreadableChild } from "./unreadable.ts";
import type { JobView, PodView } from "./views.ts";

export interface Slot {
  readonly namespace: string;
  readonly jobName: string;
  readonly taskUid: string;
}

/** @param unreadable Jobs and pods that may be running although they cannot be read */
export function heldSlots(
  jobs: readonly JobView[],
  pods: readonly PodView[],
  unreadable: readonly UnreadableChild[] = [],
): Slot[] {
  const slots = new Map<string, Slot>();
  const hold = (slot: Slot): void => void slots.set(formatKey({ namespace: slot.namespace, name: slot.jobName }), slot);
  for (const job of jobs) {
    if (isJobTerminal(job)) continue;
    hold({ namespace: job.metadata.namespace, jobName: job.metadata.name, taskUid: job.taskUid });
  }
  for (const pod of pods) {
    if (isPodOver(pod)) continue;
    hold({ namespace: pod.metadata.namespace, jobName: pod.jobName, taskUid: pod.taskUid });
  }
  for (const { namespace, jobName, taskUid } of unreadable) hold({ namespace, jobName, taskUid });
  return [...slots.values()];
}
