/**
 * Conditions of a Job. An outcome is announced by an interim condition (`SuccessCriteriaMet`, `FailureTarget`) as soon
 * as it is decided, and confirmed by the terminal one (`Complete`, `Failed`) once every pod has ended.
 */
import type { Job, JobStatus } from "../../kube/objects.ts";
import { timestamp } from "../timestamp.ts";

export type JobCondition = NonNullable<JobStatus["conditions"]>[number];
type ConditionType = "SuccessCriteriaMet" | "FailureTarget" | "Complete" | "Failed" | "Suspended";

/** How a Job ends. */
export interface Outcome {
  readonly type: "SuccessCriteriaMet" | "FailureTarget";
  readonly reason: string;
  readonly message: string;
}

export function findCondition(job: Job, type: ConditionType): JobCondition | undefined {
  return job.status?.conditions?.find((condition) => condition.type === type);
}

export function holds(job: Job, type: ConditionType): boolean {
  return findCondition(job, type)?.status === "True";
}

/** The condition that says the Job is over, if it is. */
export function terminalCondition(job: Job): JobCondition | undefined {
  return job.status?.conditions?.find(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
}

/** The list with this condition in place of its elder; the same list when nothing differs but the time. */
export function withCondition(
  conditions: readonly JobCondition[],
  condition: { type: ConditionType; status: "True" | "False"; reason: string; message: string },
  now: number,
): JobCondition[] {
  const elder = conditions.find(({ type }) => type === condition.type);
  const unchanged =
    elder?.status === condition.status && elder.reason === condition.reason && elder.message === condition.message;
  if (unchanged) return [...conditions];
  const entry = { ...condition, lastProbeTime: timestamp(now), lastTransitionTime: timestamp(now) };
  return elder === undefined ? [...conditions, entry] : conditions.map((each) => (each === elder ? entry : each));
}
