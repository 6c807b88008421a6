/**
 * A task whose Job has come to its end: it completed, failed, was stopped by us, or is gone. The order of the policies
 * is the order of what counts most: a model that is whole is the end of the task, however its Job ended.
 */
import { reasons } from "../traintask/reasons.ts";
import { adviceFor } from "./advice.ts";
import { isTrue } from "./conditions.ts";
import { hasUsedUpRunTime, runDeadline } from "./deadlines.ts";
import { announcesModel, deadlinePassed, modelMissing } from "./failure.ts";
import { complete, endOf, fail } from "./finish.ts";
import { isDealtWith, jobCondition, newestJob, podsOf } from "./observed.ts";
import { afterFailure } from "./retries.ts";
import { admitted, patienceMs } from "./running.ts";
import { changed, firstThatSpeaks, lookAgain } from "./step.ts";
import type { Policy, Step } from "./step.ts";
import type { Observed } from "./observed.ts";
import { endsOf } from "./termination.ts";
import { afterVanishing } from "./vanished.ts";
import { wait } from "./waiting.ts";

export function afterJob(observed: Observed, now: number): Step {
  return firstThatSpeaks(policies, observed, now) ?? wait(observed, now);
}

const completed: Policy = (observed, now) => {
  const job = newestJob(observed.jobs);
  const succeeded = job !== undefined && jobCondition(job, "Complete") !== undefined;
  const { model, modelMissingInAttempt } = observed.task.status;
  if (model !== undefined && !model.partial) return complete(observed, now);
  if (!succeeded) return undefined;
  if (!announcesModel(observed.task)) return complete(observed, now);
  return modelMissingInAttempt === job.attempt ? fail(observed, now, modelMissing(job.attempt)) : undefined;
};

const cancelled: Policy = (observed, now) => {
  if (!observed.task.spec.cancel) return undefined;
  const attempt = newestJob(observed.jobs)?.attempt ?? observed.task.status.attempt;
  return fail(observed, now, {
    class: "Cancelled",
    message: "Cancelled by request",
    ...(attempt === undefined ? {} : { attempt }),
    ...adviceFor("Cancelled"),
  });
};

/** The pods are done and everything is stored; the API seals the model. This holds no slot. */
const finishing: Policy = (observed, now) => {
  const job = newestJob(observed.jobs);
  if (job === undefined || jobCondition(job, "Complete") === undefined) return undefined;
  const settled = observed.phaseSince + patienceMs;
  if (now < settled) return lookAgain(settled);
  const message = "The trainer is done; waiting for the API to seal the model";
  const status = changed(observed, now, {
    job,
    conditions: [admitted(job), { type: "Running", status: "False", reason: reasons.waitingForModel, message }],
    ranUntil: endOf(job, endsOf(podsOf(job, observed.pods))),
    clear: ["queue"],
  });
  return { status };
};

/** This attempt was stopped for a deadline; the failure is on record since then. */
const stoppedForFailure: Policy = (observed, now) => {
  const { task, jobs } = observed;
  const attempt = newestJob(jobs)?.attempt ?? task.status.attempt;
  const { failure } = task.status;
  if (failure !== undefined && failure.attempt === attempt) return fail(observed, now, failure);
  const passed = now >= (runDeadline(task) ?? Number.POSITIVE_INFINITY) || hasUsedUpRunTime(task);
  return passed && attempt !== undefined ? fail(observed, now, deadlinePassed(task, attempt)) : undefined;
};

/** The end of this attempt is on record already, or there was none yet: the task waits for (another) admission. */
const betweenAttempts: Policy = (observed, now) => {
  const job = newestJob(observed.jobs);
  const { status } = observed.task;
  const dealtWith = job === undefined ? !isTrue(status, "Admitted") : isDealtWith(job, observed.task);
  return dealtWith ? wait(observed, now) : undefined;
};

const suspendedByUs: Policy = (observed, now) => {
  const job = newestJob(observed.jobs);
  const stopped = job === undefined || job.metadata.deletionTimestamp !== undefined;
  return stopped && observed.task.spec.suspend ? wait(observed, now) : undefined;
};

const failedByItself: Policy = (observed, now) => {
  const job = newestJob(observed.jobs);
  if (job === undefined || job.metadata.deletionTimestamp !== undefined) return undefined;
  return jobCondition(job, "Failed") === undefined ? undefined : afterFailure(observed, job, now);
};

const vanished: Policy = (observed, now) => afterVanishing(observed, newestJob(observed.jobs), now);

const policies: readonly Policy[] = [
  completed,
  cancelled,
  finishing,
  stoppedForFailure,
  betweenAttempts,
  suspendedByUs,
  failedByItself,
  vanished,
];
