/**
 * Why an attempt failed: a class that programs can decide by, and a message, an advice and the last lines for people.
 * A built-in trainer's exit codes have meanings (traintask/contract.ts); a container's are its own affair, but for
 * 137 with the kubelet's word OOMKilled.
 */
import { exitCode } from "../traintask/contract.ts";
import { failureClasses, reasons } from "../traintask/reasons.ts";
import type { FailureClass } from "../traintask/reasons.ts";
import type { Failure } from "../traintask/status.ts";
import { adviceFor } from "./advice.ts";
import { clip, condition } from "./conditions.ts";
import { jobCondition } from "./observed.ts";
import { containerOf, hasNotStarted, startFailure } from "./termination.ts";
import type { Ended } from "./termination.ts";
import type { JobView, TaskView } from "./views.ts";

/** Exit codes with which V8 (134 aborts, 139 as PID 1), a worker (71) or the kernel (137) end a full heap. */
const heapCodes: readonly number[] = [exitCode.outOfMemory, 134, 139];
export const killed = 137;

export function isBuiltIn({ spec }: TaskView): boolean {
  return spec.trainer.container === undefined;
}

/** The task is not done before its model is sealed. */
export function announcesModel(task: TaskView): boolean {
  return isBuiltIn(task) || task.spec.trainer.container?.model !== undefined;
}

/** Exit codes that end the Job at once because another attempt may need more memory. */
export function memoryCodes(task: TaskView): readonly number[] {
  return isBuiltIn(task) ? [...heapCodes, killed].toSorted((a, b) => a - b) : [killed];
}

/** This end was for want of memory: the next attempt needs more of it. */
export function ranOutOfMemory(task: TaskView, end: Ended): boolean {
  if (end.reason === "OOMKilled") return true;
  return isBuiltIn(task) && heapCodes.includes(end.exitCode);
}

/** The failure of a Job that has failed by itself. `end` is that of the pod that made it fail, if that was seen. */
export function failureOf(task: TaskView, job: JobView, end: Ended | undefined): Failure {
  const failureClass = end === undefined ? "TrainerError" : classOf(task, end);
  const words = end?.words.failure;
  const known = adviceFor(failureClass);
  return {
    class: failureClass,
    ...(end === undefined ? {} : { exitCode: end.exitCode }),
    attempt: job.attempt,
    message: clip(words === undefined ? sentence(job, end) : told(words.message, end)),
    ...(words?.advice === undefined ? known : { advice: clip(words.advice) }),
    ...(end === undefined || end.lastLines.length === 0 || hasNotStarted(end) ? {} : { lastLines: [...end.lastLines] }),
  };
}

function classOf(task: TaskView, end: Ended): FailureClass {
  if (end.reason === "OOMKilled") return "OOMKilled";
  if (hasNotStarted(end)) return "ContainerConfigError";
  if (!isBuiltIn(task)) return "UserCode";
  const told = failureClasses.find((one) => one === end.words.failure?.class);
  if (told !== undefined) return told;
  if (heapCodes.includes(end.exitCode)) return "OutOfMemory";
  if (end.exitCode === exitCode.badConfiguration) return "BadConfiguration";
  return end.exitCode === exitCode.badData ? "BadData" : "TrainerError";
}

/** What a trainer says of itself, and which shard's it is. */
function told(message: string, end: Ended | undefined): string {
  return end?.shard === undefined ? message : `Shard ${end.shard.index}: ${message}`;
}

function sentence(job: JobView, end: Ended | undefined): string {
  const failed = jobCondition(job, "Failed");
  if (end === undefined)
    return `Job ${job.metadata.name} failed: ${failed?.message ?? failed?.reason ?? "no reason given"}`;
  if (hasNotStarted(end)) return startFailure(end);
  const word = end.reason === "" || end.reason === "Error" ? "" : ` (${end.reason})`;
  const tries = end.shard?.failures ?? job.status.failed ?? 1;
  return `${containerOf(end)} ended with exit code ${end.exitCode}${word}${tries > 1 ? ` after ${tries} tries` : ""}.`;
}

export function deadlinePassed({ spec }: TaskView, attempt: number): Failure {
  const message = `The task has run for its ${spec.activeDeadlineSeconds} s (activeDeadlineSeconds).`;
  return { class: "DeadlineExceeded", attempt, message, ...adviceFor("DeadlineExceeded") };
}

/** A container that announced a model ended well without uploading one. */
export function modelMissing(attempt: number): Failure {
  const message = "The container ended with exit code 0, but without uploading the model that the task announces.";
  return { class: "ModelMissing", exitCode: 0, attempt, message, ...adviceFor("ModelMissing") };
}

const pendingClasses: Readonly<Record<string, FailureClass>> = {
  [reasons.imagePullFailed]: "ImagePullFailed",
  [reasons.containerConfigError]: "ContainerConfigError",
  [reasons.podsRefused]: "PodsRefused",
};

/** No pod was ready in time; the class says what held it up, where that is known. */
export function neverReady({ spec, status }: TaskView, attempt: number): Failure {
  const held = condition(status, "Running");
  const failureClass = pendingClasses[held?.reason ?? ""] ?? "PreRunningDeadlineExceeded";
  const why = held?.message === undefined ? "" : ` ${held.message}`;
  const message = clip(
    `No pod was ready within ${spec.preRunningDeadlineSeconds} s (preRunningDeadlineSeconds).${why}`,
  );
  return { class: failureClass, attempt, message, ...adviceFor(failureClass) };
}
