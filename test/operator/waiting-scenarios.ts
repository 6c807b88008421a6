/** What a task is told to wait for: in the queue, and with a Job of which no pod is ready. */
import type { Overrides } from "../builders/objects.ts";
import { ready, runningStatus, time, unscheduled, waitingFor } from "../builders/observed.ts";
import type { Pod } from "../../kube/objects.ts";
import type { Scenario } from "./plan-scenarios.ts";

const starting = (reason: string): object => ({
  state: "Starting",
  admitted: "True Admitted",
  running: `False ${reason}`,
  events: [reason],
  lookAgainIn: 3600,
});
const silent: Overrides<Pod> = { metadata: { deletionTimestamp: time(0) }, spec: { nodeName: "n1" } };

export const waitingScenarios: Readonly<Record<string, Scenario>> = {
  "a queue that is not there is told of, with an Event": {
    sight: { rest: { queue: "absent" } },
    now: 1,
    expected: { state: "Queued", admitted: "False QueueNotFound", events: ["QueueNotFound"] },
  },
  "Kueue's label is told of, with an Event": {
    sight: { task: { metadata: { labels: { "kueue.x-k8s.io/queue-name": "team" } } } },
    now: 1,
    expected: { state: "Queued", admitted: "False KueueNotSupported", events: ["KueueNotSupported"] },
  },
  "a task that is resumed waits for its turn": {
    sight: {
      task: {
        status: {
          attempt: 1,
          conditions: [
            { type: "Admitted", status: "False", reason: "Suspended", lastTransitionTime: time(0) },
            { type: "Suspended", status: "True", reason: "SuspendRequested", lastTransitionTime: time(0) },
          ],
        },
      },
    },
    now: 10,
    expected: { state: "Queued", admitted: "False Waiting", suspended: "False Resumed" },
  },
  "no room on any node is told of, with an Event": {
    sight: { job: { status: { active: 1 } }, pod: unscheduled },
    now: 10,
    expected: starting("PodsPending"),
  },
  "an image that cannot be pulled is told of, with an Event": {
    sight: { job: { status: { active: 1 } }, pod: waitingFor("ErrImagePull") },
    now: 10,
    expected: starting("ImagePullFailed"),
  },
  "a container that cannot be configured is told of, with an Event": {
    sight: { job: { status: { active: 1 } }, pod: waitingFor("CreateContainerConfigError") },
    now: 10,
    expected: starting("ContainerConfigError"),
  },
  "pods that are refused are told of, with an Event": {
    sight: { job: {}, rest: { podsRefused: "exceeded quota" } },
    now: 10,
    expected: { ...starting("PodsRefused"), lookAgainIn: 40 },
  },
  "a node that went silent is told of, with an Event": {
    sight: { job: { status: { active: 1 } }, pod: silent },
    now: 40,
    expected: starting("NodeUnreachable"),
  },
  "a Job that cannot be read is told of, with an Event, and the task stands still": {
    sight: { task: { status: runningStatus }, rest: { unreadable: "Job x cannot be read" } },
    now: 10,
    expected: {
      state: "Running",
      admitted: "True Admitted",
      running: "True Unreadable",
      events: ["Unreadable"],
      lookAgainIn: 15,
    },
  },
  "not even a cancelled task goes on while its Job cannot be read": {
    sight: {
      task: { spec: { cancel: true }, status: runningStatus },
      job: ready,
      pod: {},
      rest: { unreadable: "Pod x cannot be read" },
    },
    now: 10,
    expected: {
      state: "Running",
      admitted: "True Admitted",
      running: "True Unreadable",
      events: ["Unreadable"],
      lookAgainIn: 15,
    },
  },
};
