/**
 * A live Job that goes its way. Running means that a pod is ready, by the Job's own count. A Job without a ready pod
 * is Starting; that is written only when it lasts, so that a task whose pod starts at once costs one write, and a
 * Job whose last pod has just finished is not called Starting for the moment until it says that it is complete.
 */
import { reasons } from "../traintask/reasons.ts";
import { condition } from "./conditions.ts";
import type { ConditionChange } from "./conditions.ts";
import { runDeadline, startDeadline } from "./deadlines.ts";
import { podsOf } from "./observed.ts";
import type { Observed } from "./observed.ts";
import { heldUpBy, pendingBecause } from "./pending.ts";
import { refusedAt } from "./refused-pods.ts";
import { haveShardsToWait, isSharded, shardsSentence } from "./shards.ts";
import { changed, lookAgain } from "./step.ts";
import type { PlannedEvent, Step } from "./step.ts";
import { endsOf } from "./termination.ts";
import { instant, timestamp } from "../kube/timestamp.ts";
import { unmountedAt } from "./unmounted.ts";
import type { JobView, PodView } from "./views.ts";

/** How long a state must last before it is worth a write of its own, in milliseconds. */
export const patienceMs = 2000;

export function follow(observed: Observed, job: JobView, now: number): Step {
  return (job.status.ready ?? 0) > 0 ? running(observed, job, now) : starting(observed, job, now);
}

export function admitted(job: JobView): ConditionChange {
  return {
    type: "Admitted",
    status: "True",
    reason: reasons.admitted,
    message: `Admitted to queue ${job.queue} as Job ${job.metadata.name}`,
  };
}

function running(observed: Observed, job: JobView, now: number): Step {
  const { task } = observed;
  const since = task.status.startTime ?? timestamp(firstReady(podsOf(job, observed.pods)) ?? now);
  const status = changed(observed, now, {
    job,
    conditions: [admitted(job), ...resumed(observed), nowRunning(observed, job, now)],
    set: { startTime: since },
    clear: ["queue"],
  });
  return { status, ...lookAgain(runDeadline({ ...task, status }), refusedAt(observed, job, now)) };
}

/** With shards: how many of them run, and what holds up the others. */
function nowRunning(observed: Observed, job: JobView, now: number): ConditionChange {
  const is: ConditionChange = { type: "Running", status: "True", reason: reasons.podsReady };
  const { task } = observed;
  if (!isSharded(task)) return is;
  const standing = shardsSentence(task, job);
  const held = haveShardsToWait(task, job) ? heldUpBy(observed, podsOf(job, observed.pods), now) : undefined;
  return { ...is, message: held === undefined ? standing : `${standing}. ${held.message}` };
}

function firstReady(pods: readonly PodView[]): number | undefined {
  const times = pods.flatMap(({ conditions }) => {
    const ready = conditions.find(({ type, status }) => type === "Ready" && status === "True");
    return instant(ready?.lastTransitionTime) ?? [];
  });
  return times.length === 0 ? undefined : Math.min(...times);
}

function starting(observed: Observed, job: JobView, now: number): Step {
  const { task } = observed;
  const settled = observed.phaseSince + patienceMs;
  const pods = podsOf(job, observed.pods);
  const deadline = startDeadline(job, task);
  if (now < settled) return lookAgain(settled, deadline);
  const why = pendingBecause(observed, pods, now);
  const status = changed(observed, now, {
    job,
    conditions: [admitted(job), ...resumed(observed), { type: "Running", status: "False", ...why }],
    ranUntil: endsOf(pods).at(-1)?.finishedAt ?? observed.phaseSince,
    clear: ["queue"],
  });
  const readAt = [refusedAt(observed, job, now), unmountedAt(observed, job, now)];
  return { status, events: warnings(observed, why), ...lookAgain(deadline, ...readAt) };
}

const worthAnEvent: readonly string[] = [
  reasons.podsRefused,
  reasons.podsPending,
  reasons.nodeUnreachable,
  reasons.imagePullFailed,
  reasons.containerConfigError,
];

function warnings({ task }: Observed, why: { reason: string; message: string }): PlannedEvent[] {
  if (!worthAnEvent.includes(why.reason)) return [];
  if (condition(task.status, "Running")?.reason === why.reason) return [];
  return [{ type: "Warning", ...why }];
}

/** An earlier suspension is over once the next attempt is there. */
function resumed({ task }: Observed): ConditionChange[] {
  if (condition(task.status, "Suspended")?.status !== "True") return [];
  return [{ type: "Suspended", status: "False", reason: reasons.resumed }];
}
