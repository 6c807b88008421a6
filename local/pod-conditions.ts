/**
 * Conditions of a pod: a condition's transition time moves when its status does, and nothing is new when nothing
 * differs.
 */
import type { Pod } from "../kube/objects.ts";
import { timestamp } from "./timestamp.ts";

export interface PodCondition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
}

/** The pod with this condition; the very same pod when it has it already. */
export function withPodCondition(pod: Pod, condition: PodCondition, now: number): Pod {
  const conditions = pod.status?.conditions ?? [];
  const elder = conditions.find(({ type }) => type === condition.type);
  const same =
    elder?.status === condition.status && elder.reason === condition.reason && elder.message === condition.message;
  if (same) return pod;
  const lastTransitionTime =
    elder?.status === condition.status ? (elder.lastTransitionTime ?? timestamp(now)) : timestamp(now);
  const entry = { ...condition, lastTransitionTime };
  const next = elder === undefined ? [...conditions, entry] : conditions.map((each) => (each === elder ? entry : each));
  return { ...pod, status: { ...pod.status, conditions: next } };
}
