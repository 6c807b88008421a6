/**
 * A pod's status as a pure function of what its containers do: phase, conditions and container states in the words of
 * Kubernetes' kubelet. There are no probes here: a container is ready when it runs.
 */
import type { Pod } from "../../kube/objects.ts";
import { type PodCondition, withPodCondition } from "../pod-conditions.ts";
import { timestamp } from "../timestamp.ts";

type PodStatus = NonNullable<Pod["status"]>;
type ContainerStatus = NonNullable<PodStatus["containerStatuses"]>[number];

export interface Terminated {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly id: string;
}

export type ContainerState =
  | { readonly is: "waiting"; readonly reason: string; readonly message?: string }
  | { readonly is: "running"; readonly startedAt: number; readonly id: string }
  | ({ readonly is: "terminated" } & Terminated);

export interface ContainerFacts {
  readonly name: string;
  readonly image: string;
  readonly restarts: number;
  readonly state: ContainerState;
  readonly last?: Terminated;
}

/** Why a pod was ended from outside. */
export interface PodEnd {
  readonly reason?: string;
  readonly message?: string;
  /** A disruption: Jobs may ignore such a failure. */
  readonly disruption?: { readonly reason: string; readonly message: string };
}

export interface PodFacts {
  readonly containers: readonly ContainerFacts[];
  /** No container runs, and none will be started again. */
  readonly isOver: boolean;
  readonly end?: PodEnd;
  readonly now: number;
}

export function podStatus(pod: Pod, facts: PodFacts): PodStatus {
  const phase = phaseOf(facts);
  const failedByEnd = phase === "Failed" ? facts.end : undefined;
  const withConditions = conditionsOf(facts, phase).reduce(
    (each, condition) => withPodCondition(each, condition, facts.now),
    pod,
  );
  return {
    ...withConditions.status,
    phase,
    startTime: pod.status?.startTime ?? timestamp(facts.now),
    hostIP: "127.0.0.1",
    podIP: "127.0.0.1",
    podIPs: [{ ip: "127.0.0.1" }],
    ...(failedByEnd?.reason === undefined ? {} : { reason: failedByEnd.reason }),
    ...(failedByEnd?.message === undefined ? {} : { message: failedByEnd.message }),
    containerStatuses: facts.containers.map(containerStatus),
  };
}

function phaseOf({ containers, isOver, end }: PodFacts): "Pending" | "Running" | "Succeeded" | "Failed" {
  if (isOver) {
    const allSucceeded = containers.every(({ state }) => state.is === "terminated" && state.exitCode === 0);
    // A reason without a disruption is a verdict of its own, e.g. a deadline that the containers obeyed with exit 0.
    const condemned = end?.reason !== undefined && end.disruption === undefined;
    return allSucceeded && !condemned ? "Succeeded" : "Failed";
  }
  return containers.some(({ state, last }) => state.is !== "waiting" || last !== undefined) ? "Running" : "Pending";
}

function conditionsOf({ containers, end }: PodFacts, phase: string): PodCondition[] {
  const running = containers.every(({ state }) => state.is === "running");
  const isReady = phase === "Running" && running;
  const why = notReady(containers, phase);
  const ready = isReady ? ({ status: "True" } as const) : ({ status: "False", ...why } as const);
  return [
    { type: "PodReadyToStartContainers", status: phase === "Pending" || phase === "Running" ? "True" : "False" },
    { type: "Initialized", status: "True", ...(phase === "Succeeded" ? { reason: "PodCompleted" } : {}) },
    { type: "Ready", ...ready },
    { type: "ContainersReady", ...ready },
    ...(end?.disruption !== undefined && phase === "Failed"
      ? [{ type: "DisruptionTarget", status: "True", ...end.disruption } as const]
      : []),
  ];
}

function notReady(containers: readonly ContainerFacts[], phase: string): { reason: string; message?: string } {
  if (phase === "Succeeded") return { reason: "PodCompleted" };
  if (phase === "Failed") return { reason: "PodFailed" };
  const names = containers.filter(({ state }) => state.is !== "running").map(({ name }) => name);
  return { reason: "ContainersNotReady", message: `containers with unready status: [${names.join(" ")}]` };
}

function containerStatus({ name, image, restarts, state, last }: ContainerFacts): ContainerStatus {
  const id = state.is === "waiting" ? last?.id : state.id;
  return {
    name,
    image,
    imageID: "",
    ...(id === undefined ? {} : { containerID: id }),
    ready: state.is === "running",
    started: state.is === "running",
    restartCount: restarts,
    state: stateOf(state),
    ...(last === undefined ? { lastState: {} } : { lastState: { terminated: terminated(last) } }),
  };
}

function stateOf(state: ContainerState): NonNullable<ContainerStatus["state"]> {
  switch (state.is) {
    case "waiting":
      return {
        waiting: { reason: state.reason, ...(state.message === undefined ? {} : { message: state.message }) },
      };
    case "running":
      return { running: { startedAt: timestamp(state.startedAt) } };
    case "terminated":
      return { terminated: terminated(state) };
  }
}

function terminated({ exitCode, reason, message, startedAt, finishedAt, id }: Terminated) {
  return {
    exitCode,
    reason,
    ...(message === undefined ? {} : { message }),
    startedAt: timestamp(startedAt),
    finishedAt: timestamp(finishedAt),
    containerID: id,
  };
}
