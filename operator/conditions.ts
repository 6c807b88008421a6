/**
 * A task's conditions: reading them, and setting one while its `lastTransitionTime` keeps the moment at which its
 * status (not its reason or message) last changed. Deadlines and run times are computed from these moments.
 */
import { conditionTypes } from "../traintask/reasons.ts";
import type { ConditionType } from "../traintask/reasons.ts";
import type { Condition, TrainTaskStatus } from "../traintask/status.ts";
import { timestamp } from "../kube/timestamp.ts";

/** Longest message of a condition or failure, in characters. */
const longestMessage = 1024;

/** Text cut to `limit` characters, never through a surrogate pair, with an ellipsis where something is missing. */
export function clip(text: string, limit: number = longestMessage): string {
  const whole = text.toWellFormed();
  if (whole.length <= limit) return whole;
  return `${whole.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

export function condition(status: TrainTaskStatus, type: ConditionType): Condition | undefined {
  return status.conditions?.find((one) => one.type === type);
}

export function isTrue(status: TrainTaskStatus, type: ConditionType): boolean {
  return condition(status, type)?.status === "True";
}

/** Complete or Failed is true: nothing but cleaning up happens to this task any more. */
export function isTerminal(status: TrainTaskStatus): boolean {
  return isTrue(status, "Complete") || isTrue(status, "Failed");
}

export interface ConditionChange {
  readonly type: ConditionType;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message?: string;
}

/** The conditions with `changes` applied, in the order of `conditionTypes`; equal conditions stay as they are. */
export function withConditions(
  conditions: readonly Condition[] | undefined,
  changes: readonly ConditionChange[],
  now: number,
): Condition[] {
  const byType = new Map((conditions ?? []).map((one): [string, Condition] => [one.type, one]));
  for (const { message, ...change } of changes) {
    const before = byType.get(change.type);
    const since = before?.status === change.status ? before.lastTransitionTime : timestamp(now);
    const text = message === undefined ? {} : { message: clip(message) };
    byType.set(change.type, { ...change, ...text, lastTransitionTime: since });
  }
  return conditionTypes.flatMap((type) => byType.get(type) ?? []);
}
