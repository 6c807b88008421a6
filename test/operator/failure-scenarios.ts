/** One end for each class of failure that the other tables do not show, and what is planned for it. */
import type { FailureClass } from "../../traintask/reasons.ts";
import { anExit } from "../builders/objects.ts";
import { failed, runningStatus, time } from "../builders/observed.ts";
import type { Sight } from "../builders/observed.ts";
import type { Scenario } from "./plan-scenarios.ts";

interface End {
  readonly exitCode: number;
  readonly reason?: string;
  /** What the trainer says of it, where the exit code does not tell. */
  readonly words?: FailureClass;
  readonly task?: Sight["task"] & object;
}

function ends(failureClass: FailureClass, { exitCode, reason, words, task = {} }: End): Scenario {
  const message = words === undefined ? "" : JSON.stringify({ failure: { class: words, message: "told" } });
  const pod = anExit(exitCode, { message, ...(reason === undefined ? {} : { reason }) });
  const spec = { backoffLimit: 0, ...task.spec };
  return {
    sight: { task: { spec, status: runningStatus }, job: failed(), pod },
    now: 100,
    expected: over(failureClass),
  };
}

/** The container cannot start for this reason, and its time is up. */
function neverStarts(failureClass: FailureClass): Scenario {
  const status = {
    attempt: 1,
    conditions: [
      { type: "Running" as const, status: "False" as const, reason: failureClass, lastTransitionTime: time(5) },
    ],
  };
  return {
    sight: { task: { spec: { preRunningDeadlineSeconds: 60 }, status }, job: {} },
    now: 60,
    expected: {
      deletes: ["Job iris-0a1b2c3d-1"],
      state: "Starting",
      admitted: "True Admitted",
      running: "False Stopping",
      failure: failureClass,
    },
  };
}

const over = (failure: FailureClass): object => ({
  state: "Failed",
  admitted: "True Admitted",
  running: "False Finished",
  failure,
  events: [failure],
});
const container = { spec: { trainer: { randomForest: undefined, container: { image: "x" } }, dataset: undefined } };

export const failureScenarios: Readonly<Record<string, Scenario>> = {
  "a bad configuration is not tried again": ends("BadConfiguration", { exitCode: 64 }),
  "a model that would be too large is not tried again": ends("ModelTooLarge", { exitCode: 64, words: "ModelTooLarge" }),
  "bad data is not tried again": ends("BadData", { exitCode: 65 }),
  "a heap that is full, with no retry left, is the end": ends("OutOfMemory", { exitCode: 71 }),
  "the kernel's kill, with no retry left, is the end": ends("OOMKilled", { exitCode: 137, reason: "OOMKilled" }),
  "what the trainer did not foresee, with no retry left, is the end": ends("TrainerError", { exitCode: 1 }),
  "a program of the user's that fails is its own affair": ends("UserCode", { exitCode: 64, task: container }),
  "a container that cannot be configured in time is stopped": neverStarts("ContainerConfigError"),
  "an image that cannot be pulled in time stops the attempt": neverStarts("ImagePullFailed"),
  "pods that are refused for too long stop the attempt": neverStarts("PodsRefused"),
  "a pod that is not ready in time, nobody knows why, stops the attempt": {
    ...neverStarts("PreRunningDeadlineExceeded"),
    sight: { task: { spec: { preRunningDeadlineSeconds: 60 } }, job: {} },
  },
};
