/** What to do about each class of failure: one sentence for the person who submitted the task. */
import type { FailureClass } from "../traintask/reasons.ts";

const changeAndSubmit = "submit it again as a new task";

const advices: Partial<Record<FailureClass, string>> = {
  BadConfiguration: `Correct the spec and ${changeAndSubmit}.`,
  BadData: `Correct the data as the message says and ${changeAndSubmit}.`,
  ModelTooLarge:
    "Grow fewer or smaller trees (nEstimators, maxDepth, minSamplesLeaf), let a search do without ensembles (operators), " +
    "or have the limit raised.",
  ModelMissing: "PUT the model's bytes to $TRAINTASK_MODEL_URL, and exit with 0 only when the answer was 200.",
  OutOfMemory: "Raise spec.resources.limits.memory, use fewer rows or columns, or set maxDepth.",
  OOMKilled: "Raise the memory limit, or make the program use less.",
  UserCode: "Look at the log: the exit code is the container's own.",
  TrainerError: "Look at the log. A partial model is kept where trees or a whole pipeline were stored.",
  ImagePullFailed: "Check the image's name, and that the node may pull it.",
  ContainerConfigError:
    "Make the secret or volume that is missing, or submit a task whose command, environment and volumes are there.",
  PodsRefused: "Ask for less in spec.resources, or have the namespace's quota or policy changed.",
  DeadlineExceeded:
    "Give a new task more activeDeadlineSeconds or less to do. A partial model is kept where trees or a whole pipeline were stored.",
  PreRunningDeadlineExceeded: "See what the pod waited for; raise preRunningDeadlineSeconds if the cluster is busy.",
  JobVanished: "Find out who deletes the task's Jobs.",
};

export function adviceFor(failureClass: FailureClass): { readonly advice?: string } {
  const advice = advices[failureClass];
  return advice === undefined ? {} : { advice };
}
