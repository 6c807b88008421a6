/** Gathers, from the caches and from what this operator remembers, everything that the plan for a task depends on. */
import type { KubeClient } from "../kube/client.ts";
import { events } from "../kube/objects.ts";
import type { Event } from "../kube/objects.ts";
import { indexes } from "./caches.ts";
import type { Caches } from "./caches.ts";
import { newestJob } from "./observed.ts";
import type { Observed, PlanSettings } from "./observed.ts";
import type { Phases } from "./phases.ts";
import type { Places } from "./places.ts";
import { refusalText, shouldReadEvents } from "./refused.ts";
import type { Refusals } from "./refusals.ts";
import type { JobView, TaskView } from "./views.ts";

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
  const jobs = caches.jobs.store.byIndex(indexes.byTask, uid);
  const refusal = refusals.of(task.metadata);
  const place = places.of(task);
  return {
    task,
    queue: serviceOf(knowledge, task.spec.queue),
    jobs,
    pods: caches.pods.store.byIndex(indexes.byTask, uid),
    phaseSince: phases.since(uid, newestJob(jobs), now),
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

/** The one thing that no cache has: why a Job gets no pods. Read only when it had none for a while. */
export async function withRefusedPods(observed: Observed, client: KubeClient, now: number): Promise<Observed> {
  const job = newestJob(observed.jobs);
  if (job === undefined || !shouldReadEvents(observed, job, now)) return observed;
  const podsRefused = refusalText(await eventsOf(job, client));
  return podsRefused === undefined ? observed : { ...observed, podsRefused };
}

async function eventsOf({ metadata }: JobView, client: KubeClient): Promise<Event[]> {
  const { namespace, uid } = metadata;
  const { items } = await client.list<Event>(events, {
    namespace,
    fieldSelector: `involvedObject.uid=${uid}`,
    limit: 100,
  });
  return items;
}
