/**
 * A task without a live Job: what it waits for. A new task that simply waits its turn costs no write; what holds it up
 * for longer (no such queue, a quota, a suspension) is said, once. To go on is admission's business, not this file's.
 */
import { reasons } from "../traintask/reasons.ts";
import type { TrainTaskStatus } from "../traintask/status.ts";
import { adviceFor } from "./advice.ts";
import { condition, isTrue } from "./conditions.ts";
import type { ConditionChange } from "./conditions.ts";
import { fail } from "./finish.ts";
import { newestJob } from "./observed.ts";
import type { Observed, Place } from "./observed.ts";
import { endedRun } from "./retries.ts";
import { changed, firstThatSpeaks } from "./step.ts";
import type { Policy, Step } from "./step.ts";
import { timestamp } from "../kube/timestamp.ts";

export function wait(observed: Observed, now: number): Step {
  return firstThatSpeaks([suspended, refusedForGood, heldUp, inLine], observed, now) ?? {};
}

const suspended: Policy = (observed, now) => {
  if (!observed.task.spec.suspend) return undefined;
  const status = changed(observed, now, {
    conditions: [
      { type: "Admitted", status: "False", reason: reasons.suspended, message: "Suspended by request" },
      { type: "Suspended", status: "True", reason: reasons.suspendRequested },
      ...endedRun(observed.task, "Suspended by request"),
    ],
    set: lastAttempt(observed),
    clear: ["queue"],
  });
  return { status };
};

/** The Job itself is invalid, or has no business in its namespace: trying again would find the same. */
const refusedForGood: Policy = (observed, now) => {
  const { refusal } = observed;
  if (refusal === undefined || refusal.kind === "quota") return undefined;
  const message = refusal.kind === "closed" ? refusal.message : `The API server refuses the Job: ${refusal.message}`;
  return fail(observed, now, { class: "BadConfiguration", message, ...adviceFor("BadConfiguration") });
};

const heldUp: Policy = (observed, now) => {
  const because = heldUpBy(observed);
  if (because === undefined) return undefined;
  const news = condition(observed.task.status, "Admitted")?.reason !== because.reason;
  const status = changed(observed, now, {
    conditions: [{ type: "Admitted", status: "False", ...because }, ...afterSuspension(observed)],
    clear: ["queue"],
  });
  return { status, events: news ? [{ type: "Warning", ...because }] : [] };
};

function heldUpBy({ task, queue, refusal }: Observed): { reason: string; message: string } | undefined {
  if (task.kueue) {
    return { reason: reasons.kueueNotSupported, message: "Queues of Kueue are not supported yet: remove the label" };
  }
  if (queue === "absent") {
    return { reason: reasons.queueNotFound, message: `There is no TrainQueue ${task.spec.queue}` };
  }
  return refusal && { reason: reasons.quotaExceeded, message: refusal.message };
}

/** Reasons that are told for as long as they hold, and replaced once they do not. */
const passing: readonly string[] = [
  reasons.kueueNotSupported,
  reasons.queueNotFound,
  reasons.quotaExceeded,
  reasons.suspended,
];

const inLine: Policy = (observed, now) => {
  const { task, place } = observed;
  const outdated = passing.includes(condition(task.status, "Admitted")?.reason ?? "");
  const queue = place === undefined ? task.status.queue : placeOf(place);
  const moved = task.status.queue?.position !== queue?.position;
  if (!outdated && !moved && !isTrue(task.status, "Suspended") && !isTrue(task.status, "Running")) return undefined;
  const status = changed(observed, now, {
    conditions: [...waitingTurn(observed, outdated), ...afterSuspension(observed)],
    set: { ...lastAttempt(observed), ...(queue === undefined ? {} : { queue }) },
    clear: queue === undefined ? ["queue"] : [],
  });
  return { status };
};

function waitingTurn({ task }: Observed, outdated: boolean): ConditionChange[] {
  if (condition(task.status, "Admitted") !== undefined && !outdated) return [];
  const message = `Waiting for a slot of queue ${task.spec.queue}`;
  return [{ type: "Admitted", status: "False", reason: reasons.waiting, message }];
}

function placeOf(place: Place | null): TrainTaskStatus["queue"] {
  if (place === null) return undefined;
  const { position, estimatedStart } = place;
  return { position, ...(estimatedStart === undefined ? {} : { estimatedStartTime: timestamp(estimatedStart) }) };
}

function afterSuspension({ task }: Observed): ConditionChange[] {
  const resumed: ConditionChange[] = isTrue(task.status, "Suspended")
    ? [{ type: "Suspended", status: "False", reason: reasons.resumed }]
    : [];
  return [...resumed, ...endedRun(task, "The attempt is over")];
}

/** The attempt that is over, and that nothing of it runs. */
function lastAttempt({ task, jobs }: Observed): Partial<TrainTaskStatus> {
  const job = newestJob(jobs);
  if (job === undefined && task.status.jobName === undefined) return {};
  return { ...(job && { jobName: job.metadata.name, attempt: job.attempt }), active: 0, ready: 0 };
}
