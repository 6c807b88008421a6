/**
 * Stopping a live Job: because the task is cancelled or suspended, or a deadline has passed. The Job is deleted in the
 * foreground, so its pods get their grace period to save the work, and nothing follows until they are gone. Why it
 * was stopped stands in the status from the first moment: a suspension as Admitted=False, a deadline as `failure`.
 */
import { reasons } from "../traintask/reasons.ts";
import type { Failure } from "../traintask/status.ts";
import { condition } from "./conditions.ts";
import type { ConditionChange } from "./conditions.ts";
import { runDeadline, startDeadline } from "./deadlines.ts";
import { deadlinePassed, neverReady } from "./failure.ts";
import { isDealtWith } from "./observed.ts";
import type { Observed } from "./observed.ts";
import { admitted } from "./running.ts";
import { changed, deletionOf } from "./step.ts";
import type { Step } from "./step.ts";
import type { JobView } from "./views.ts";

type Cause =
  | { readonly why: "cancel" | "suspend" | "superseded" | "deletion" }
  | { readonly why: "failure"; readonly failure: Failure };

function causeToStop(observed: Observed, job: JobView, now: number): Cause | undefined {
  const { spec, status } = observed.task;
  if (spec.cancel) return { why: "cancel" };
  if (status.failure?.attempt === job.attempt) return { why: "failure", failure: status.failure };
  if (now >= (runDeadline(observed.task) ?? Number.POSITIVE_INFINITY)) {
    return { why: "failure", failure: deadlinePassed(observed.task, job.attempt) };
  }
  const suspended = condition(status, "Admitted")?.reason === reasons.suspended;
  if (isDealtWith(job, observed.task)) return { why: spec.suspend || suspended ? "suspend" : "superseded" };
  if (spec.suspend) return { why: "suspend" };
  if (now >= (startDeadline(job, observed.task) ?? Number.POSITIVE_INFINITY)) {
    return { why: "failure", failure: neverReady(observed.task, job.attempt) };
  }
  return job.metadata.deletionTimestamp === undefined ? undefined : { why: "deletion" };
}

/** What to do about a live Job that must go, or is going; undefined when it may go on. */
export function stop(observed: Observed, job: JobView, now: number): Step | undefined {
  const cause = causeToStop(observed, job, now);
  if (cause === undefined) return undefined;
  const status = changed(observed, now, {
    job,
    conditions: [...admission(cause, job), running(observed, cause), ...suspended(cause)],
    set: cause.why === "failure" ? { failure: cause.failure } : {},
    clear: ["queue"],
  });
  if (job.metadata.deletionTimestamp !== undefined) return { status };
  return { status, deletions: [deletionOf("Job", job.metadata)] };
}

function admission(cause: Cause, job: JobView): ConditionChange[] {
  if (cause.why === "superseded") return [];
  if (cause.why !== "suspend") return [admitted(job)];
  return [{ type: "Admitted", status: "False", reason: reasons.suspended, message: "Suspended by request" }];
}

function suspended(cause: Cause): ConditionChange[] {
  return cause.why === "suspend" ? [{ type: "Suspended", status: "True", reason: reasons.suspendRequested }] : [];
}

/** The pods work until they are told to stop and save for a while after: Running stays as it was. */
function running({ task }: Observed, cause: Cause): ConditionChange {
  const status = condition(task.status, "Running")?.status === "True" ? "True" : "False";
  return { type: "Running", status, reason: reasons.stopping, message: sentence(cause, task.spec) };
}

function sentence(cause: Cause, { terminationGracePeriodSeconds }: Observed["task"]["spec"]): string {
  const time = `the pods have ${terminationGracePeriodSeconds} s to save their work`;
  switch (cause.why) {
    case "cancel":
      return `Cancelled: ${time}`;
    case "suspend":
      return `Suspended: ${time}`;
    case "failure":
      return `${cause.failure.message} Stopping: ${time}`;
    case "superseded":
      return "A Job of an attempt that is over is being deleted";
    case "deletion":
      return "Somebody else deletes the Job; the task goes on with another one";
  }
}
