import { describe, expect, test } from "vitest";
import type { Pod } from "../../kube/objects.ts";
import { lostStatus } from "./lost.ts";
import { type ContainerState, type PodEnd, podStatus, type Terminated } from "./pod-status.ts";

const now = Date.UTC(2030, 0, 1);
const at = "2030-01-01T00:00:00Z";
const waiting: ContainerState = { is: "waiting", reason: "ContainerCreating" };
const running: ContainerState = { is: "running", startedAt: now, id: "process://1" };
const ended = (exitCode: number): Terminated => ({
  exitCode,
  reason: exitCode === 0 ? "Completed" : "Error",
  startedAt: now,
  finishedAt: now,
  id: "process://1",
});
const exit = (exitCode: number): ContainerState => ({ is: "terminated", ...ended(exitCode) });
const disrupted: PodEnd = { reason: "Terminated", disruption: { reason: "TerminationByKubelet", message: "m" } };

function status(
  states: ContainerState[],
  { isOver = false, end, last }: { isOver?: boolean; end?: PodEnd; last?: Terminated } = {},
) {
  const containers = states.map((state, index) => ({
    name: `c${index}`,
    image: "x",
    restarts: last === undefined ? 0 : 1,
    state,
    ...(last === undefined ? {} : { last }),
  }));
  return podStatus({}, { containers, isOver, now, ...(end === undefined ? {} : { end }) });
}

const ready = (of: Pod["status"]): string | undefined => of?.conditions?.find(({ type }) => type === "Ready")?.status;

describe("a pod's phase", () => {
  const over = { isOver: true };
  const cases: Record<string, { of: Pod["status"]; phase: string; ready: string }> = {
    "is Pending before any container has started": { of: status([waiting, waiting]), phase: "Pending", ready: "False" },
    "is Running once one has": { of: status([running, waiting]), phase: "Running", ready: "False" },
    "is Running and ready when all run": { of: status([running, running]), phase: "Running", ready: "True" },
    "is Running while a container that ended is to be started again": {
      of: status([waiting], { last: ended(1) }),
      phase: "Running",
      ready: "False",
    },
    "is Succeeded when all ended well": { of: status([exit(0), exit(0)], over), phase: "Succeeded", ready: "False" },
    "is Failed when one did not": { of: status([exit(0), exit(1)], over), phase: "Failed", ready: "False" },
    "is Failed when it was ended before it started": { of: status([waiting], over), phase: "Failed", ready: "False" },
    "is Succeeded when it ended well although it was disturbed": {
      of: status([exit(0)], { ...over, end: disrupted }),
      phase: "Succeeded",
      ready: "False",
    },
    "is Failed after its deadline, however well it obeyed": {
      of: status([exit(0)], { ...over, end: { reason: "DeadlineExceeded" } }),
      phase: "Failed",
      ready: "False",
    },
  };
  test.each(Object.entries(cases))("%s", (_, { of, ...expected }) => {
    expect({ phase: of?.phase, ready: ready(of) }).toEqual(expected);
  });
});

test("a disruption is told as a condition where it made the pod fail, and only there", () => {
  const types = (of: Pod["status"]): string[] => (of?.conditions ?? []).map(({ type }) => type);
  const failed = status([exit(143)], { isOver: true, end: disrupted });
  expect(failed?.reason).toBe("Terminated");
  expect(types(failed)).toContain("DisruptionTarget");
  expect(types(status([exit(0)], { isOver: true, end: disrupted }))).not.toContain("DisruptionTarget");
  expect(types(status([exit(1)], { isOver: true }))).not.toContain("DisruptionTarget");
});

test("a container's state is told in Kubernetes' fields, with the life before", () => {
  const of = status([running], { last: ended(3) });
  expect(of?.containerStatuses).toEqual([
    {
      name: "c0",
      image: "x",
      imageID: "",
      containerID: "process://1",
      ready: true,
      started: true,
      restartCount: 1,
      state: { running: { startedAt: at } },
      lastState: {
        terminated: { exitCode: 3, reason: "Error", startedAt: at, finishedAt: at, containerID: "process://1" },
      },
    },
  ]);
});

test("what others wrote into the status stays", () => {
  const scheduled = { type: "PodScheduled", status: "True" };
  const of = podStatus(
    { status: { qosClass: "Burstable", startTime: "2029-01-01T00:00:00Z", conditions: [scheduled] } },
    { containers: [], isOver: false, now },
  );
  expect(of).toMatchObject({ qosClass: "Burstable", startTime: "2029-01-01T00:00:00Z" });
  expect(of.conditions).toContainEqual(scheduled);
});

test("a lost pod has Failed by a disruption, and its running containers have ended", () => {
  const before = status([running, exit(0)]) ?? {};
  const lost = lostStatus({ status: before }, now + 5_000);
  expect(lost.phase).toBe("Failed");
  expect(lost.conditions).toContainEqual({
    type: "DisruptionTarget",
    status: "True",
    reason: "TerminationByKubelet",
    message: "The pod's processes ended with the program that ran them.",
    lastTransitionTime: "2030-01-01T00:00:05Z",
  });
  expect(ready(lost)).toBe("False");
  expect(lost.containerStatuses?.map(({ state }) => state?.terminated?.exitCode)).toEqual([137, 0]);
  expect(lost.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    startedAt: at,
    finishedAt: "2030-01-01T00:00:05Z",
  });
});
