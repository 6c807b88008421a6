/**
 * Has the Job's outcome been decided, and which is it? A chain of checks in Kubernetes' order; the first that speaks
 * decides. What an earlier pass announced is never decided anew.
 */
import type { Job, Pod } from "../../kube/objects.ts";
import { parseTimestamp } from "../timestamp.ts";
import { findCondition, type Outcome } from "./conditions.ts";
import type { Count } from "./count.ts";
import { classifyFailure } from "./failure-policy.ts";
import { isActive, isFailed } from "./pod-facts.ts";

export interface Observation {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly count: Count;
  readonly now: number;
}

type Check = (observation: Observation) => Outcome | undefined;

const checks: readonly Check[] = [
  announced("SuccessCriteriaMet"),
  announced("FailureTarget"),
  failedByPolicy,
  beyondBackOffLimit,
  beyondDeadline,
  beyondFailedIndexes,
  onlyFailedIndexesLeft,
  completed,
];

export function decideOutcome(observation: Observation): Outcome | undefined {
  for (const check of checks) {
    const outcome = check(observation);
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

/** Milliseconds until `activeDeadlineSeconds` is over; undefined when no deadline runs. */
export function untilDeadline(job: Job, now: number): number | undefined {
  const start = parseTimestamp(job.status?.startTime);
  const seconds = job.spec?.activeDeadlineSeconds;
  if (start === undefined || seconds === undefined || job.spec?.suspend === true) return undefined;
  return start + seconds * 1000 - now;
}

function failure(reason: string, message: string): Outcome {
  return { type: "FailureTarget", reason, message };
}

function announced(type: Outcome["type"]): Check {
  return ({ job }) => {
    const condition = findCondition(job, type);
    if (condition?.status !== "True") return undefined;
    return { type, reason: condition.reason ?? "", message: condition.message ?? "" };
  };
}

function failedByPolicy({ job, pods }: Observation): Outcome | undefined {
  for (const pod of pods) {
    const verdict = isFailed(job, pod) ? classifyFailure(job, pod) : undefined;
    if (verdict?.action === "FailJob") return failure("PodFailurePolicy", verdict.message ?? "");
  }
  return undefined;
}

function beyondBackOffLimit({ job, pods, count }: Observation): Outcome | undefined {
  const perIndex = job.spec?.backoffLimitPerIndex !== undefined;
  const limit = job.spec?.backoffLimit ?? (perIndex ? Infinity : 6);
  // With OnFailure the kubelet restarts containers in place: a limit of 0 then means the first restart.
  const restarts = job.spec?.template.spec?.restartPolicy === "OnFailure" ? restartsOf(pods) : 0;
  const exceeded = count.failed > limit || (restarts > 0 && restarts >= limit);
  return exceeded ? failure("BackoffLimitExceeded", "Job has reached the specified backoff limit") : undefined;
}

function restartsOf(pods: readonly Pod[]): number {
  const statuses = pods.filter(isActive).flatMap((pod) => pod.status?.containerStatuses ?? []);
  return statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function beyondDeadline({ job, now }: Observation): Outcome | undefined {
  const left = untilDeadline(job, now);
  if (left === undefined || left > 0) return undefined;
  return failure("DeadlineExceeded", "Job was active longer than specified deadline");
}

function beyondFailedIndexes({ job, count }: Observation): Outcome | undefined {
  const limit = job.spec?.maxFailedIndexes;
  if (limit === undefined || count.failedIndexes.size <= limit) return undefined;
  return failure("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
}

function onlyFailedIndexesLeft({ job, count }: Observation): Outcome | undefined {
  const failed = count.failedIndexes.size;
  if (failed === 0 || failed + count.succeeded < (job.spec?.completions ?? 0)) return undefined;
  return failure("FailedIndexes", "Job has failed indexes");
}

/** Without `completions` one success is enough, once no other pod works on. */
function completed({ job, pods, count }: Observation): Outcome | undefined {
  const wanted = completionsOf(job);
  const enough = wanted === undefined ? count.succeeded > 0 : count.succeeded >= wanted;
  if (!enough || pods.some(isActive)) return undefined;
  return {
    type: "SuccessCriteriaMet",
    reason: "CompletionsReached",
    message: "Reached expected number of succeeded pods",
  };
}

/** How many successes the Job asks for; undefined when its pods share a work queue and one success ends it. */
export function completionsOf(job: Job): number | undefined {
  const { completions, parallelism } = job.spec ?? {};
  return completions ?? (parallelism === undefined ? 1 : undefined);
}
