import { expect, test } from "vitest";
import { anExit } from "../test/builders/objects.ts";
import { anObserved, at, ready, runningStatus, time, unscheduled, waitingFor } from "../test/builders/observed.ts";
import type { Sight } from "../test/builders/observed.ts";
import { condition } from "./conditions.ts";
import { plan } from "./plan.ts";
import { refusalText, shouldReadEvents } from "./refused-pods.ts";

/** Of a pod that was ready, as the node controller leaves it. */
const cutOff = [
  { type: "Ready", status: "False" },
  { type: "ContainersReady", status: "True" },
];

const cases: Record<string, { sight: Sight; reason: string; message: string }> = {
  "a pod that no node has room for": { sight: { pod: unscheduled }, reason: "PodsPending", message: "0/1 nodes: cpu" },
  "an image that cannot be pulled": {
    sight: { pod: waitingFor("ImagePullBackOff") },
    reason: "ImagePullFailed",
    message: "ImagePullBackOff: because",
  },
  "a container that cannot be configured": {
    sight: { pod: waitingFor("CreateContainerConfigError") },
    reason: "ContainerConfigError",
    message: "CreateContainerConfigError: because",
  },
  "a container that could not be started, before the next try": {
    sight: { pod: anExit(128, { reason: "StartError", message: 'exec: "x": no such file' }) },
    reason: "ContainerConfigError",
    message: 'The container could not be started: exec: "x": no such file. Make',
  },
  "a volume that cannot be mounted": {
    sight: { rest: { mountFailure: 'secret "traintask-x" not found' } },
    reason: "ContainerConfigError",
    message: 'secret "traintask-x" not found. Make the secret',
  },
  "a container that is being created": {
    sight: { pod: waitingFor("ContainerCreating") },
    reason: "PodsStarting",
    message: "Waiting for the pod to be ready",
  },
  "pods that are refused": {
    sight: { rest: { podsRefused: "exceeded quota" } },
    reason: "PodsRefused",
    message: "exceeded quota",
  },
  "a node that went silent": {
    sight: {
      task: { status: runningStatus },
      pod: { metadata: { deletionTimestamp: time(0) }, spec: { nodeName: "n1" } },
    },
    reason: "NodeUnreachable",
    message: "Node n1 does not answer",
  },
  "a node that Kubernetes has not heard of for a while": {
    sight: { task: { status: runningStatus }, pod: { spec: { nodeName: "n1" }, status: { conditions: cutOff } } },
    reason: "NodeUnreachable",
    message: "Node n1 does not answer",
  },
};

for (const [name, { sight, reason, message }] of Object.entries(cases)) {
  test(`${name} is what the task says`, () => {
    const { status, deletions } = plan(anObserved({ job: {}, ...sight }), at(100));
    expect(status?.state).toBe("Starting");
    const running = status && condition(status, "Running");
    expect(running).toMatchObject({ status: "False", reason });
    expect(running?.message).toContain(message);
    expect(deletions).toEqual([]);
  });
}

test("Events of a Job are read only when it has had no pod for five seconds", () => {
  const without = anObserved({ job: {} });
  const [job] = without.jobs;
  if (job === undefined) throw new Error("no Job");
  expect(shouldReadEvents(without, job, at(4.9))).toBe(false);
  expect(shouldReadEvents(without, job, at(5))).toBe(true);
  expect(shouldReadEvents(anObserved({ job: {}, pod: {} }), job, at(5))).toBe(false);
  const active = anObserved({ job: ready });
  expect(shouldReadEvents(active, active.jobs[0] ?? job, at(5))).toBe(false);
});

test("the newest refusal among a Job's Events is told, and nothing else", () => {
  const events = [
    { reason: "FailedCreate", message: "old", lastTimestamp: time(1) },
    { reason: "FailedCreate", message: "new", eventTime: time(2) },
    { reason: "SuccessfulCreate", message: "created", lastTimestamp: time(3) },
  ];
  expect(refusalText(events)).toBe("new");
  expect(refusalText([])).toBeUndefined();
});
