/**
 * The status of a pod whose processes ended with the program that ran them: failed by a disruption, which is nobody's
 * fault, so that a Job may ignore it.
 */
import type { Pod } from "../../kube/objects.ts";
import { withPodCondition } from "../pod-conditions.ts";
import { timestamp } from "../timestamp.ts";

const message = "The pod's processes ended with the program that ran them.";

export function lostStatus(pod: Pod, now: number): NonNullable<Pod["status"]> {
  const conditions = [
    { type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet", message },
    { type: "Ready", status: "False", reason: "PodFailed" },
    { type: "ContainersReady", status: "False", reason: "PodFailed" },
  ] as const;
  const { status } = conditions.reduce((each, condition) => withPodCondition(each, condition, now), pod);
  return {
    ...status,
    phase: "Failed",
    reason: "NodeLost",
    message,
    containerStatuses: (status?.containerStatuses ?? []).map((container) => ({
      ...container,
      ready: false,
      started: false,
      state:
        container.state?.running === undefined
          ? (container.state ?? {})
          : {
              terminated: {
                exitCode: 137,
                reason: "ContainerStatusUnknown",
                message,
                ...(container.state.running.startedAt === undefined
                  ? {}
                  : { startedAt: container.state.running.startedAt }),
                finishedAt: timestamp(now),
                ...(container.containerID === undefined ? {} : { containerID: container.containerID }),
              },
            },
    })),
  };
}
