/**
 * The words a task's status is made of: states, condition types, reasons and failure classes. Condition types are
 * those of a Job, so that `kubectl wait --for=condition=Complete tt/x` works.
 */

/** One word for where a task stands; always derived, see state.ts. */
export const states = [
  "Queued",
  "Starting",
  "Running",
  "Finishing",
  "Suspended",
  "Succeeded",
  "Failed",
  "Cancelled",
] as const;
export type State = (typeof states)[number];

export const conditionTypes = ["Admitted", "Running", "Suspended", "Complete", "Failed"] as const;
export type ConditionType = (typeof conditionTypes)[number];

/** Reasons of conditions, one CamelCase word each; the condition's message is the sentence for people. */
export const reasons = {
  // Admitted=False
  waiting: "Waiting",
  queueNotFound: "QueueNotFound",
  kueueNotSupported: "KueueNotSupported",
  quotaExceeded: "QuotaExceeded",
  suspended: "Suspended",
  retrying: "Retrying",
  // Admitted=True
  admitted: "Admitted",
  // Running
  podsReady: "PodsReady",
  podsStarting: "PodsStarting",
  podsPending: "PodsPending",
  podsRefused: "PodsRefused",
  nodeUnreachable: "NodeUnreachable",
  imagePullFailed: "ImagePullFailed",
  containerConfigError: "ContainerConfigError",
  stopping: "Stopping",
  unreadable: "Unreadable",
  waitingForModel: "WaitingForModel",
  finished: "Finished",
  // Suspended
  suspendRequested: "SuspendRequested",
  resumed: "Resumed",
  // Complete
  trained: "Trained",
  // Failed
  cancelled: "Cancelled",
} as const;

/** Why a task failed (`status.failure.class`, and the reason of its Failed condition unless it was cancelled). */
export const failureClasses = [
  "BadConfiguration",
  "BadData",
  "ModelTooLarge",
  "ModelMissing",
  "OutOfMemory",
  "OOMKilled",
  "UserCode",
  "TrainerError",
  "ImagePullFailed",
  "ContainerConfigError",
  "PodsRefused",
  "DeadlineExceeded",
  "PreRunningDeadlineExceeded",
  "JobVanished",
  "Cancelled",
] as const;
export type FailureClass = (typeof failureClasses)[number];
