/** Gathers, from the caches and from what this operator remembers, everything that the plan for a task depends on. */
import type { KubeClient } from "../kube/client.ts";
import { events } from "../kube/objects.ts";
import type { Event } from "../kube/objects.ts";
import { labels } from "../traintask/names.ts";
import type { Caches } from "./caches.ts";
import { childrenOf } from "./children.ts";
import { isTerminal, isTrue } from "./conditions.ts";
import { findJob } from "./find-job.ts";
import { newestJob } from "./observed.ts";
import type { Observed, PlanSettings } from "./observed.ts";
import type { Phases } from "./phases.ts";
import type { Places } from "./places.ts";
import { controllerOf } from "./project.ts";
import { refusalText, shouldReadEvents } from "./refused-pods.ts";
import type { Refusals } from "./refused-jobs.ts";
import { mountFailure, unmountedPod } from "./unmounted.ts";
import type { JobView, PodView, TaskView } from "./views.ts";

/** What a term as leader knows. */
export interface Knowledge {
  readonly caches: Caches;
  readonly phases: Phases;
  readonly refusals: Refusals;
  readonly places: Places;
  readonly controllerName: string;
  readonly settings: PlanSettings;
}

export function observe(knowledge: Knowledge, task: TaskView, now: number): Observed {
  const { caches, phases, refusals, places, settings } = knowledge;
  const { uid } = task.metadata;
  const children = childrenOf(caches, task);
  const refusal = refusals.of(task.metadata);
  const place = places.of(task);
  return {
    task,
    queue: serviceOf(knowledge, task.spec.queue),
    ...children,
    phaseSince: phases.since(uid, newestJob(children.jobs), now),
    ...(refusal === undefined ? {} : { refusal }),
    ...(place === undefined ? {} : { place }),
    settings,
  };
}

export function serviceOf({ caches, controllerName }: Knowledge, queue: string): Observed["queue"] {
  const found = caches.queues.store.get(queue);
  if (found === undefined) return "absent";
  return found.spec.controllerName === controllerName ? "served" : "foreign";
}

/**
 * Adds what no cache has, each read only when there is reason to: why a Job gets no pods, why its pod is not started,
 * and whether a Job that is not in sight is gone, or has only lost the label by which it is watched.
 */
export async function withReads(observed: Observed, client: KubeClient, now: number): Promise<Observed> {
  const job = newestJob(observed.jobs);
  if (job === undefined) return isMissed(observed) ? withHiddenJob(observed, client) : observed;
  if (shouldReadEvents(observed, job, now)) {
    const podsRefused = refusalText(await eventsOf(job, client));
    return podsRefused === undefined ? observed : { ...observed, podsRefused };
  }
  const pod = unmountedPod(observed, job, now);
  const failure = pod && mountFailure(await eventsOf(pod, client), observed.task);
  return failure === undefined ? observed : { ...observed, mountFailure: failure };
}

/** An attempt is under way, as far as the status knows, and its Job is not there. */
function isMissed({ task, queue, unreadable }: Observed): boolean {
  const { metadata, status } = task;
  if (queue === "foreign" || metadata.deletionTimestamp !== undefined || isTerminal(status)) return false;
  return unreadable === undefined && status.jobName !== undefined && isTrue(status, "Admitted");
}

async function withHiddenJob(observed: Observed, client: KubeClient): Promise<Observed> {
  const { metadata, status } = observed.task;
  const name = status.jobName ?? "";
  const found = await findJob(client, { namespace: metadata.namespace, name });
  if (found === undefined || controllerOf(found) !== metadata.uid) return observed;
  return { ...observed, unreadable: `Job ${name} cannot be read: it has lost its label ${labels.taskUid}` };
}

async function eventsOf({ metadata }: JobView | PodView, client: KubeClient): Promise<Event[]> {
  const { namespace, uid } = metadata;
  const { items } = await client.list<Event>(events, {
    namespace,
    fieldSelector: `involvedObject.uid=${uid}`,
    limit: 100,
  });
  return items;
}
