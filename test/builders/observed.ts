/** What the operator sees of one task, for tests of its plans. */
import type { Job, Pod } from "../../kube/objects.ts";
import type { Observed } from "../../operator/observed.ts";
import { projectJob, projectPod, projectTask } from "../../operator/project.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { aJob, aPod, aTrainTask, created } from "./objects.ts";
import type { Overrides } from "./objects.ts";

/** The moment of creation of every built object, and seconds after it. */
export const start = Date.parse(created);
export const at = (seconds: number): number => start + seconds * 1000;
export const time = (seconds: number): string => `${new Date(at(seconds)).toISOString().slice(0, 19)}Z`;

export interface Sight {
  readonly task?: Overrides<TrainTask>;
  /** The Job of the first attempt; absent: there is none. */
  readonly job?: Overrides<Job>;
  /** Its pod; absent: there is none. */
  readonly pod?: Overrides<Pod>;
  readonly rest?: Partial<Observed>;
}

/** Observed from the start on: `phaseSince` is the moment at which everything was created. */
export function anObserved({ task: overrides = {}, job, pod, rest = {} }: Sight = {}): Observed {
  const task = aTrainTask(overrides);
  return {
    task: projectTask(task),
    queue: "served",
    jobs: job === undefined ? [] : [projectJob(aJob(job, { task }))],
    pods: pod === undefined ? [] : [projectPod(aPod(pod, { task }))],
    phaseSince: start,
    settings: { memoryCapBytes: 8 * 2 ** 30 },
    ...rest,
  };
}

/** Conditions as the operator leaves them while the first attempt runs. */
export const runningConditions = [
  { type: "Admitted", status: "True", reason: "Admitted", lastTransitionTime: time(0) },
  { type: "Running", status: "True", reason: "PodsReady", lastTransitionTime: time(0) },
] as const;

/** A status of a task whose first attempt has been running from the start on. */
export const runningStatus: Overrides<TrainTask["status"]> = {
  state: "Running",
  attempt: 1,
  jobName: "iris-0a1b2c3d-1",
  startTime: time(0),
  conditions: [...runningConditions],
};

/** A Job that is ready, complete, failed or being deleted. */
export const ready: Overrides<Job> = { status: { active: 1, ready: 1 } };
export const completed: Overrides<Job> = {
  status: {
    succeeded: 1,
    completionTime: time(60),
    conditions: [{ type: "Complete", status: "True", lastTransitionTime: time(60) }],
  },
};
export const failed = (reason = "PodFailurePolicy", count = 1): Overrides<Job> => ({
  status: {
    failed: count,
    conditions: [{ type: "Failed", status: "True", reason, message: "a pod failed", lastTransitionTime: time(60) }],
  },
});
export const deleted: Overrides<Job> = { metadata: { deletionTimestamp: time(30) }, status: { active: 1, ready: 1 } };

/** A pod that is pending, and why. */
const pending = (status: Pod["status"] & object): Overrides<Pod> => ({
  status: { phase: "Pending", conditions: [], containerStatuses: [], ...status },
});
export const waitingFor = (reason: string, message = "because"): Overrides<Pod> => {
  const state = { waiting: { reason, message } };
  return pending({
    containerStatuses: [{ name: "trainer", ready: false, image: "", imageID: "", restartCount: 0, state }],
  });
};
export const unscheduled = pending({
  conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes: cpu" }],
});
