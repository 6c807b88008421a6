/**
 * What follows a Job that failed by itself. The Job retries inside one attempt; what it gives up at once may be worth
 * another attempt: out of memory, with 1.5 times as much up to a cap; killed for another cause, unchanged. All share
 * the task's one `backoffLimit`, of which `status.retries` remembers what is used up. With shards each of them has that
 * many, and what is used up is what the one that failed most has used.
 */
import { formatMemory, parseQuantity } from "../traintask/quantity.ts";
import { reasons } from "../traintask/reasons.ts";
import { causeOf } from "./cause.ts";
import { condition } from "./conditions.ts";
import type { ConditionChange } from "./conditions.ts";
import { failureOf, killed, ranOutOfMemory } from "./failure.ts";
import { fail, endOf } from "./finish.ts";
import { jobCondition, podsOf } from "./observed.ts";
import type { Observed } from "./observed.ts";
import { patienceMs } from "./running.ts";
import { isSharded } from "./shards.ts";
import { changed, lookAgain } from "./step.ts";
import type { Step } from "./step.ts";
import { containerOf, endsOf } from "./termination.ts";
import type { Ended } from "./termination.ts";
import type { JobView, TaskView } from "./views.ts";

/** Times the memory of the attempt that ran out of it. */
const growth = 1.5;

export function afterFailure(observed: Observed, job: JobView, now: number): Step {
  const { task } = observed;
  const ends = endsOf(podsOf(job, observed.pods));
  const end = causeOf(task, ends);
  // Pods come over a watch of their own: how the pod ended may be heard a moment after the Job's end.
  const settled = observed.phaseSince + patienceMs;
  const isKnown = end !== undefined && !(isSharded(task) && end.stopped);
  if (!isKnown && now < settled) return lookAgain(settled);
  const retries = (task.status.retries ?? 0) + failures(task, job, ends);
  const next = isKnown ? nextAttempt(observed, job, end) : afterUnseen(job);
  if (next === undefined || retries > task.spec.backoffLimit) {
    return fail(observed, now, { ...failureOf(task, job, end), retries });
  }
  return retry(observed, now, { job, retries, message: next.message, ...(next.memory && { memory: next.memory }) });
}

/** A pod that was deleted without grace leaves no end. What failed the Job at once is then most likely its being killed. */
function afterUnseen(job: JobView): { readonly memory?: string; readonly message: string } | undefined {
  if (jobCondition(job, "Failed")?.reason !== "PodFailurePolicy") return undefined;
  return { message: "The pod that failed was gone before its end was seen: trying again" };
}

/** Failures that count. The pods that a Job ends when one of them has failed for good are no failures of their shards. */
function failures(task: TaskView, job: JobView, ends: readonly Ended[]): number {
  if (!isSharded(task)) return job.status.failed ?? 0;
  return Math.max(1, ...ends.map(({ shard }) => shard?.failures ?? 0));
}

/** A Job's words for having tried as often as it may. */
const usedUp: readonly string[] = ["BackoffLimitExceeded", "MaxFailedIndexesExceeded", "FailedIndexes"];

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
      message: `${shortOf(end)} with ${job.memoryLimit}: trying again with ${formatMemory(memory)}`,
    };
  }
  if (end.exitCode !== killed || usedUp.includes(failed?.reason ?? "")) return undefined;
  return { message: `${containerOf(end)} was killed: trying again` };
}

function shortOf({ shard }: Ended): string {
  return shard === undefined ? "Out of memory" : `Shard ${shard.index} ran out of memory`;
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
