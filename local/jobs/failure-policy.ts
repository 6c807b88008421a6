/**
 * `podFailurePolicy`: the first rule that matches a failed pod says what its failure means. Without a match it counts.
 */
import type { Job, Pod } from "../../kube/objects.ts";

type Rule = NonNullable<NonNullable<Job["spec"]>["podFailurePolicy"]>["rules"][number];

export interface PodFailure {
  readonly action: "FailJob" | "FailIndex" | "Ignore" | "Count";
  /** Why the Job fails; only with FailJob. */
  readonly message?: string;
}

const counts: PodFailure = { action: "Count" };

/** @param pod a failed pod */
export function classifyFailure(job: Job, pod: Pod): PodFailure {
  for (const [position, rule] of (job.spec?.podFailurePolicy?.rules ?? []).entries()) {
    const cause = rule.onExitCodes === undefined ? matchingCondition(rule, pod) : matchingExit(rule, pod);
    if (cause === undefined) continue;
    switch (rule.action) {
      case "FailJob":
        return { action: "FailJob", message: `${cause} matching FailJob rule at index ${position}` };
      case "Ignore":
        return { action: "Ignore" };
      case "FailIndex":
        if (job.spec?.backoffLimitPerIndex !== undefined) return { action: "FailIndex" };
        break;
      default:
        return counts;
    }
  }
  return counts;
}

/** Exit code 0 matches no rule, not even NotIn: that container did not fail. */
function matchingExit({ onExitCodes }: Rule, pod: Pod): string | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  for (const { name, state } of statuses) {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || onExitCodes === undefined) continue;
    if (onExitCodes.containerName !== undefined && onExitCodes.containerName !== name) continue;
    if (onExitCodes.values.includes(code) === (onExitCodes.operator === "In")) {
      return `Container ${name} for pod ${podName(pod)} failed with exit code ${code}`;
    }
  }
  return undefined;
}

function matchingCondition({ onPodConditions }: Rule, pod: Pod): string | undefined {
  const match = pod.status?.conditions?.find(({ type, status }) =>
    onPodConditions?.some((pattern) => pattern.type === type && (pattern.status ?? "True") === status),
  );
  return match === undefined ? undefined : `Pod ${podName(pod)} has condition ${match.type}`;
}

function podName(pod: Pod): string {
  return `${pod.metadata?.namespace}/${pod.metadata?.name}`;
}
