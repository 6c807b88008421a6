/** Situations of a task, and what the plan for it says: the operator's decisions as one table. */
import { anExit } from "../builders/objects.ts";
import { at, completed, deleted, failed, ready, runningStatus, time } from "../builders/observed.ts";
import type { Sight } from "../builders/observed.ts";

export const model = { digest: `sha256:${"b".repeat(64)}`, sizeBytes: 10, partial: false };
/** `now` in seconds after everything was created; `expected` are the words of plan.test.ts. */
export interface Scenario {
  readonly sight: Sight;
  readonly now: number;
  readonly expected: object;
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  "a new task that waits its turn costs no write": { sight: {}, now: 1, expected: {} },
  "a Job without a ready pod is given two seconds": {
    sight: { job: {} },
    now: 1,
    expected: { lookAgainIn: 2 },
  },
  "after these two seconds the task is Starting, and the Job's Events are due": {
    sight: { job: {} },
    now: 2,
    expected: { state: "Starting", admitted: "True Admitted", running: "False PodsStarting", lookAgainIn: 5 },
  },
  "an active pod that is not ready is Starting as well": {
    sight: {
      job: { status: { active: 1 } },
      pod: { status: { phase: "Pending", conditions: [], containerStatuses: [] } },
    },
    now: 60,
    expected: { state: "Starting", admitted: "True Admitted", running: "False PodsStarting", lookAgainIn: 3600 },
  },
  "a ready pod makes it Running": {
    sight: { job: ready, pod: {} },
    now: 1,
    expected: { state: "Running", admitted: "True Admitted", running: "True PodsReady" },
  },
  "a running task looks again when its run time will be over": {
    sight: {
      task: { spec: { activeDeadlineSeconds: 50 }, status: { ...runningStatus, ranSeconds: 20 } },
      job: ready,
      pod: {},
    },
    now: 1,
    expected: { state: "Running", admitted: "True Admitted", running: "True PodsReady", lookAgainIn: 30 },
  },
  "a Job whose pod has just ended is not called Starting for a moment": {
    sight: { task: { status: runningStatus }, job: {}, pod: anExit(0), rest: { phaseSince: at(60) } },
    now: 61,
    expected: { lookAgainIn: 62 },
  },
  "a Job between two of its pods is Starting again, and was not running meanwhile": {
    sight: {
      task: { status: runningStatus },
      job: { status: { failed: 1 } },
      pod: anExit(75, { finishedAt: time(60) }),
      rest: { phaseSince: at(60) },
    },
    now: 62,
    expected: { state: "Starting", admitted: "True Admitted", running: "False PodsStarting" },
  },
  "cancelling deletes the Job, and the task goes on running until its pods are gone": {
    sight: { task: { spec: { cancel: true }, status: runningStatus }, job: ready, pod: {} },
    now: 10,
    expected: {
      deletes: ["Job iris-0a1b2c3d-1"],
      state: "Running",
      admitted: "True Admitted",
      running: "True Stopping",
    },
  },
  "a Job that is being deleted is not deleted again": {
    sight: { task: { spec: { cancel: true }, status: runningStatus }, job: deleted, pod: {} },
    now: 31,
    expected: { state: "Running", admitted: "True Admitted", running: "True Stopping" },
  },
  "a cancelled task is over when its last pod is": {
    sight: { task: { spec: { cancel: true }, status: runningStatus }, job: deleted, pod: anExit(143) },
    now: 40,
    expected: {
      state: "Cancelled",
      admitted: "True Admitted",
      running: "False Finished",
      failure: "Cancelled",
      events: ["Cancelled"],
    },
  },
  "suspending deletes the Job and puts the intention on record": {
    sight: { task: { spec: { suspend: true }, status: runningStatus }, job: ready, pod: {} },
    now: 10,
    expected: {
      deletes: ["Job iris-0a1b2c3d-1"],
      state: "Running",
      admitted: "False Suspended",
      running: "True Stopping",
      suspended: "True SuspendRequested",
    },
  },
  "a suspended task that is gone from its node is Suspended": {
    sight: { task: { spec: { suspend: true }, status: runningStatus } },
    now: 40,
    expected: {
      state: "Suspended",
      admitted: "False Suspended",
      running: "False Finished",
      suspended: "True SuspendRequested",
    },
  },
  "a Job that ended well while it was being suspended is the end": {
    sight: { task: { spec: { suspend: true }, status: { ...runningStatus, model } }, job: completed, pod: anExit(0) },
    now: 61,
    expected: { state: "Succeeded", admitted: "True Admitted", running: "False Finished" },
  },
  "a complete Job waits two seconds for its model": {
    sight: { task: { status: runningStatus }, job: completed, pod: anExit(0), rest: { phaseSince: at(60) } },
    now: 61,
    expected: { lookAgainIn: 62 },
  },
  "and is Finishing from then on": {
    sight: { task: { status: runningStatus }, job: completed, pod: anExit(0), rest: { phaseSince: at(60) } },
    now: 62,
    expected: { state: "Finishing", admitted: "True Admitted", running: "False WaitingForModel" },
  },
  "a partial model does not complete a task": {
    sight: {
      task: { status: { ...runningStatus, model: { ...model, partial: true } } },
      job: completed,
      rest: { phaseSince: at(60) },
    },
    now: 62,
    expected: { state: "Finishing", admitted: "True Admitted", running: "False WaitingForModel" },
  },
  "a container that ended well is complete at once": {
    sight: {
      task: { spec: { trainer: { randomForest: undefined, container: { image: "x" } } }, status: runningStatus },
      job: completed,
    },
    now: 60,
    expected: { state: "Succeeded", admitted: "True Admitted", running: "False Finished" },
  },
  "a Job that vanished after its model was sealed is complete": {
    sight: { task: { status: { ...runningStatus, model } } },
    now: 100,
    expected: { state: "Succeeded", running: "False Finished", admitted: "True Admitted" },
  },
  "a Job that vanished is followed by another attempt": {
    sight: { task: { status: runningStatus } },
    now: 100,
    expected: { state: "Queued", admitted: "False Retrying", running: "False Finished", events: ["Retrying"] },
  },
  "a Job that vanishes again and again fails the task in the end": {
    sight: { task: { spec: { backoffLimit: 1 }, status: { ...runningStatus, retries: 1 } } },
    now: 100,
    expected: {
      state: "Failed",
      admitted: "True Admitted",
      running: "False Finished",
      failure: "JobVanished",
      events: ["JobVanished"],
    },
  },
  "a task that ran out of its run time without its Job being seen to end fails with that": {
    sight: { task: { spec: { activeDeadlineSeconds: 50 }, status: runningStatus } },
    now: 100,
    expected: {
      state: "Failed",
      admitted: "True Admitted",
      running: "False Finished",
      failure: "DeadlineExceeded",
      events: ["DeadlineExceeded"],
    },
  },
  "orphaned pods of an attempt on record are deleted, and nothing follows until they are gone": {
    sight: { task: { status: runningStatus }, pod: {} },
    now: 100,
    expected: { deletes: ["Pod iris-0a1b2c3d-1-x"] },
  },
  "pods of a Job that was not heard of yet are left alone": {
    sight: { pod: {} },
    now: 1,
    expected: { lookAgainIn: 60 },
  },
  "but not for longer than a minute": {
    sight: { pod: {} },
    now: 60,
    expected: { deletes: ["Pod iris-0a1b2c3d-1-x"] },
  },
  "a failed Job whose pod was not heard of yet is given two seconds": {
    sight: { task: { status: runningStatus }, job: failed(), rest: { phaseSince: at(60) } },
    now: 61,
    expected: { lookAgainIn: 62 },
  },
  "a task that is being deleted is left to its owner references": {
    sight: { task: { metadata: { deletionTimestamp: time(5) }, spec: { cancel: true } }, job: ready },
    now: 10,
    expected: {},
  },
  "a task of another operator's queue is its own": {
    sight: { task: { spec: { cancel: true } }, job: ready, rest: { queue: "foreign" } },
    now: 10,
    expected: {},
  },
  "a refused Job is told of, with an Event": {
    sight: { rest: { refusal: { kind: "quota", message: "exceeded quota" } } },
    now: 10,
    expected: { state: "Queued", admitted: "False QuotaExceeded", events: ["QuotaExceeded"] },
  },
  "a quota that has room again is not told of any more": {
    sight: {
      task: {
        status: {
          conditions: [{ type: "Admitted", status: "False", reason: "QuotaExceeded", lastTransitionTime: time(0) }],
        },
      },
    },
    now: 10,
    expected: { state: "Queued", admitted: "False Waiting" },
  },
  "a place among the first ten is stored": {
    sight: { rest: { place: { position: 3, estimatedStart: at(90) } } },
    now: 10,
    expected: { state: "Queued", admitted: "False Waiting" },
  },
};
