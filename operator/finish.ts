/**
 * The last write of a task: how a status becomes terminal. Whatever the end, these hold: Running is false, nothing is
 * left to wait for, the run time is complete, and the trainer's last words stand where they are newer than its posts.
 */
import { reasons } from "../traintask/reasons.ts";
import type { Failure, TrainTaskStatus } from "../traintask/status.ts";
import { condition, isTrue } from "./conditions.ts";
import type { ConditionChange } from "./conditions.ts";
import { hasRun, jobCondition, newestJob, podsOf } from "./observed.ts";
import type { Observed } from "./observed.ts";
import { changed } from "./step.ts";
import type { Step } from "./step.ts";
import { lastWords } from "./last-words.ts";
import { endsOf } from "./termination.ts";
import type { Ended } from "./termination.ts";
import { instant, timestamp } from "../kube/timestamp.ts";
import type { JobView } from "./views.ts";

/** Complete: every tree that was asked for is in the model. */
export function complete(observed: Observed, now: number): Step {
  return { status: finish(observed, now, { type: "Complete", status: "True", reason: reasons.trained }) };
}

/** Failed, or cancelled, which is Failed with a reason of its own. `retries` as in the status. */
export function fail(observed: Observed, now: number, failure: Failure & { readonly retries?: number }): Step {
  const { retries, ...told } = failure;
  const end: ConditionChange = { type: "Failed", status: "True", reason: told.class, message: told.message };
  const set = { failure: told, ...(retries === undefined ? {} : { retries }) };
  return {
    status: { ...finish(observed, now, end), ...set },
    events: [{ type: told.class === "Cancelled" ? "Normal" : "Warning", reason: told.class, message: told.message }],
  };
}

function finish(observed: Observed, now: number, end: ConditionChange): TrainTaskStatus {
  const { task, pods } = observed;
  const job = newestJob(observed.jobs);
  const ends = job === undefined ? [] : endsOf(podsOf(job, pods));
  const ended = endOf(job, ends) ?? now;
  return changed(observed, now, {
    job,
    conditions: [
      ...(job === undefined ? [] : [admittedAtLast(observed, job)]),
      ...notRunning(observed, job),
      ...(isTrue(task.status, "Suspended")
        ? [{ type: "Suspended", status: "False", reason: reasons.finished } as const]
        : []),
      end,
    ],
    ranUntil: ended,
    set: {
      ...(job === undefined ? noPods(task.status) : unseenRun(observed, job, ends)),
      ...lastWords(task, ends, end.type === "Complete" ? "Complete" : "Failed"),
      completionTime: timestamp(ended),
    },
    clear: ["left", "queue"],
  });
}

function admittedAtLast({ task }: Observed, job: JobView): ConditionChange {
  const before = condition(task.status, "Admitted");
  if (before?.status === "True") return { type: "Admitted", status: "True", ...told(before) };
  return { type: "Admitted", status: "True", reason: reasons.admitted, message: `Ran as Job ${job.metadata.name}` };
}

function told({ reason, message }: { reason: string; message?: string | undefined }) {
  return { reason, ...(message === undefined ? {} : { message }) };
}

function notRunning({ task }: Observed, job: JobView | undefined): ConditionChange[] {
  if (job === undefined && condition(task.status, "Running") === undefined) return [];
  return [{ type: "Running", status: "False", reason: reasons.finished }];
}

function noPods(status: TrainTaskStatus): Partial<TrainTaskStatus> {
  return status.jobName === undefined ? {} : { active: 0, ready: 0 };
}

/** When the Job ended, as it says itself, else as its pods do. */
export function endOf(job: JobView | undefined, ends: readonly Ended[]): number | undefined {
  if (job === undefined) return undefined;
  const told = job.status.completionTime ?? jobCondition(job, "Failed")?.lastTransitionTime;
  return instant(told) ?? ends.at(-1)?.finishedAt;
}

/** A Job that ended before a ready pod was seen takes its times from the pods' container states. */
function unseenRun({ task }: Observed, job: JobView, ends: readonly Ended[]): Partial<TrainTaskStatus> {
  if (hasRun(job, task)) return {};
  const runs = ends
    .flatMap(({ startedAt, finishedAt }) => {
      return startedAt === undefined || finishedAt === undefined ? [] : [{ startedAt, finishedAt }];
    })
    .toSorted((a, b) => a.startedAt - b.startedAt);
  const first = runs[0];
  if (first === undefined) return {};
  return {
    ranSeconds: (task.status.ranSeconds ?? 0) + Math.ceil(msOf(runs) / 1000),
    ...(task.status.startTime === undefined ? { startTime: timestamp(first.startedAt) } : {}),
  };
}

/** How long at least one of them ran: shards run side by side. @param runs by their starts */
function msOf(runs: readonly { readonly startedAt: number; readonly finishedAt: number }[]): number {
  let until = Number.NEGATIVE_INFINITY;
  let ms = 0;
  for (const { startedAt, finishedAt } of runs) {
    ms += Math.max(0, finishedAt - Math.max(startedAt, until));
    until = Math.max(until, finishedAt);
  }
  return ms;
}
