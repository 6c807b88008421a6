/**
 * A Job whose pods are not allowed to be (a quota, a LimitRange, the namespace's Pod Security level) says so in its
 * Events alone. They are read when no pod is there 5 s after the Job, and now and then from then on; with shards, when
 * some of them have had none.
 */
import { isJobTerminal, podsOf } from "./observed.ts";
import type { Observed } from "./observed.ts";
import { isSharded, lacksShards } from "./shards.ts";
import type { JobView } from "./views.ts";

const firstAfterMs = 5000;
const againAfterMs = 30_000;

/** The Job has had no pod for 5 s: its Events may say why. */
export function shouldReadEvents(observed: Observed, job: JobView, now: number): boolean {
  return lacksPods(observed, job) && now >= observed.phaseSince + firstAfterMs;
}

/** When to look (again) at the Events of a Job without pods. */
export function refusedAt(observed: Observed, job: JobView, now: number): number | undefined {
  if (!lacksPods(observed, job)) return undefined;
  const first = observed.phaseSince + firstAfterMs;
  return now < first ? first : now + againAfterMs;
}

function lacksPods({ task, pods }: Observed, job: JobView): boolean {
  if (isJobTerminal(job)) return false;
  const there = podsOf(job, pods);
  const { active = 0, succeeded = 0 } = job.status;
  if (isSharded(task)) return active + succeeded < task.spec.shards && lacksShards(task, there);
  return there.length === 0 && active === 0;
}

/** Of a Job's Events, the text that says why pods were refused; the newest one. */
export function refusalText(
  events: readonly { reason?: string; message?: string; lastTimestamp?: string; eventTime?: string }[],
): string | undefined {
  const refusals = events
    .filter(({ reason, message }) => reason === "FailedCreate" && message !== undefined)
    .toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)));
  return refusals.at(-1)?.message;
}

function timeOf(event: { lastTimestamp?: string; eventTime?: string }): string {
  return event.lastTimestamp ?? event.eventTime ?? "";
}
