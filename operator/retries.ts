/**
 * What follows a Job that failed by itself. The Job retries inside one attempt; what it gives up at once may be worth
 * another attempt: out of memory, with 1.5 times as much up to a cap; killed for another cause, unchanged. All share
 * the task's one `backoffLimit`, of which `status.retries` remembers what is used up.
 */
import { formatMemory, parseQuantity } from "../traintask/quantity.ts";
import { reasons } from "../traintask/reasons.ts";
import { condition } from "./conditions.ts";
import type { ConditionChange } from "./conditions.ts";
import { failureOf, killed, ranOutOfMemory } from "./failure.ts";
import { fail, endOf } from "./finish.ts";
import { jobCondition, podsOf } from "./observed.ts";
import type { Observed } from "./observed.ts";
import { patienceMs } from "./running.ts";
import { changed, lookAgain } from "./step.ts";
import type { Step } from "./step.ts";
import { endsOf } from "./termination.ts";
import type { Ended } from "./termination.ts";
import type { JobView, TaskView } from "./views.ts";

/** Times the memory of the attempt that ran out of it. */
const growth = 1.5;

export function afterFailure(observed: Observed, job: JobView, now: number): Step {
  const { task } = observed;
  const pods = podsOf(job, observed.pods);
  const end = endsOf(pods).findLast(({ exitCode }) => exitCode !== 0);
  // Pods come over a watch of their own: how the pod ended may be heard a moment after the Job's end.
  const settled = observed.phaseSince + patienceMs;
  if (end === undefined && now < settled) return lookAgain(settled);
  const retries = (task.status.retries ?? 0) + (job.status.failed ?? 0);
  const next = end === undefined ? undefined : nextAttempt(observed, job, end);
  if (next === undefined || retries > task.spec.backoffLimit) {
    return fail(observed, now, { ...failureOf(task, job, end), retries });
  }
  return retry(observed, now, { job, retries, message: next.message, ...(next.memory && { memory: next.memory }) });
}

/** How the next attempt differs, or undefined when there is to be none: the Job has used up its own retries. */
function nextAttempt(
  { task, settings }: Observed,
  job: JobView,
  end: Ended,
): { readonly memory?: string; readonly message: string } | undefined {
  const failed = jobCondition(job, "Failed");
  if (ranOutOfMemory(task, end)) {
    const had = job.memoryLimit === undefined ? undefined : parseQuantity(job.memoryLimit);
    if (had === undefined) return { message: "Killed for want of memory, without a limit of its own: trying again" };
    const memory = Math.min(Math.ceil(had * growth), settings.memoryCapBytes);
    if (memory <= had) return undefined;
    return {
      memory: formatMemory(memory),
      message: `Out of memory with ${job.memoryLimit}: trying again with ${formatMemory(memory)}`,
    };
  }
  if (end.exitCode !== killed || failed?.reason === "BackoffLimitExceeded") return undefined;
  return { message: "The container was killed: trying again" };
}

export interface Retry {
  /** The Job of the attempt that is over; absent when it vanished. */
  readonly job?: JobView;
  readonly retries: number;
  readonly memory?: string;
  readonly message: string;
}

/** Puts it on record that the attempt is over and another one is due; admission does the rest. */
export function retry(observed: Observed, now: number, { job, retries, memory, message }: Retry): Step {
  const reason = reasons.retrying;
  const status = changed(observed, now, {
    job,
    conditions: [{ type: "Admitted", status: "False", reason, message }, ...endedRun(observed.task, message)],
    ranUntil: job && endOf(job, endsOf(podsOf(job, observed.pods))),
    set: { retries, ...(memory === undefined ? {} : { memory }) },
  });
  return { status, events: [{ type: "Warning", reason, message }] };
}

/** Running as it must be between two attempts. */
export function endedRun({ status }: TaskView, message: string): ConditionChange[] {
  const before = condition(status, "Running");
  if (before?.status !== "True" && before?.reason !== reasons.unreadable) return [];
  return [{ type: "Running", status: "False", reason: reasons.finished, message }];
}
