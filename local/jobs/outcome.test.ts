import { describe, expect, test } from "vitest";
import type { Pod } from "../../kube/objects.ts";
import { aJob, aPod, failed, type JobOverrides, noon, succeeded } from "../../test/builders/jobs.ts";
import { countPods } from "./count.ts";
import { decideOutcome, untilDeadline } from "./outcome.ts";

const indexed = { completionMode: "Indexed", completions: 3, parallelism: 3 };
const failTwoTimes = { annotations: { "batch.kubernetes.io/job-index-failure-count": "1" } };
const failJob = {
  podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [1] } }] },
};
const restarted = (restartCount: number): Pod => {
  const pod = aPod();
  return {
    ...pod,
    status: {
      ...pod.status,
      containerStatuses: [{ name: "main", image: "x", imageID: "", ready: true, restartCount }],
    },
  };
};
const onFailure = { template: { spec: { restartPolicy: "OnFailure", containers: [{ name: "main" }] } } };

describe("how a Job ends", () => {
  const cases: Record<string, { job?: JobOverrides; pods?: Pod[]; reason: string | undefined }> = {
    "is open while a pod runs": { pods: [aPod()], reason: undefined },
    "is success once enough pods succeeded": { pods: [succeeded("a")], reason: "CompletionsReached" },
    "waits for the pods that still run": {
      job: { spec: { completions: 1, parallelism: 2 } },
      pods: [succeeded("a"), aPod()],
      reason: undefined,
    },
    "is open when fewer succeeded than asked for": {
      job: { spec: { completions: 2 } },
      pods: [succeeded("a")],
      reason: undefined,
    },
    "is success after one success where pods share a work queue": {
      job: { spec: { completions: undefined as never, parallelism: 2 } },
      pods: [succeeded("a"), failed("b")],
      reason: "CompletionsReached",
    },
    "is open while as many pods failed as backoffLimit allows": {
      job: { spec: { backoffLimit: 1 } },
      pods: [failed("a")],
      reason: undefined,
    },
    "is failure with one failed pod more": {
      job: { spec: { backoffLimit: 1 }, status: { failed: 1 } },
      pods: [failed("b")],
      reason: "BackoffLimitExceeded",
    },
    "is failure at the first failure with backoffLimit 0": {
      job: { spec: { backoffLimit: 0 } },
      pods: [failed("a")],
      reason: "BackoffLimitExceeded",
    },
    "is failure when containers restarted as often as backoffLimit, with OnFailure": {
      job: { spec: { backoffLimit: 2, ...onFailure } },
      pods: [restarted(2)],
      reason: "BackoffLimitExceeded",
    },
    "is open before the first restart with OnFailure and backoffLimit 0": {
      job: { spec: { backoffLimit: 0, ...onFailure } },
      pods: [restarted(0)],
      reason: undefined,
    },
    "is failure at once where a rule says FailJob": {
      job: { spec: failJob },
      pods: [failed("a")],
      reason: "PodFailurePolicy",
    },
    "is failure by the rule although the limit is exceeded too": {
      job: { spec: { backoffLimit: 0, ...failJob } },
      pods: [failed("a")],
      reason: "PodFailurePolicy",
    },
    "is failure when the deadline is over": {
      job: { spec: { activeDeadlineSeconds: 60 } },
      pods: [aPod()],
      reason: "DeadlineExceeded",
    },
    "is open one second before the deadline": {
      job: { spec: { activeDeadlineSeconds: 61 } },
      pods: [aPod()],
      reason: undefined,
    },
    "has no deadline while the Job is suspended": {
      job: { spec: { activeDeadlineSeconds: 60, suspend: true } },
      reason: undefined,
    },
    "is failure when more indexes failed than maxFailedIndexes": {
      job: { spec: { ...indexed, backoffLimitPerIndex: 1, maxFailedIndexes: 0 } },
      pods: [failed("a", { index: 1, ...failTwoTimes })],
      reason: "MaxFailedIndexesExceeded",
    },
    "is open while an index may still succeed": {
      job: { spec: { ...indexed, backoffLimitPerIndex: 1 }, status: { completedIndexes: "0" } },
      pods: [failed("a", { index: 1, ...failTwoTimes }), aPod({ index: 2 })],
      reason: undefined,
    },
    "is failure when every index is done and one failed": {
      job: { spec: { ...indexed, backoffLimitPerIndex: 1 }, status: { completedIndexes: "0,2" } },
      pods: [failed("a", { index: 1, ...failTwoTimes })],
      reason: "FailedIndexes",
    },
    "stays what it was announced to be": {
      job: {
        status: {
          conditions: [{ type: "FailureTarget", status: "True", reason: "DeadlineExceeded", message: "m" }],
        },
      },
      pods: [succeeded("a")],
      reason: "DeadlineExceeded",
    },
    "stays success though a pod fails afterwards": {
      job: {
        spec: failJob,
        status: {
          conditions: [{ type: "SuccessCriteriaMet", status: "True", reason: "CompletionsReached", message: "m" }],
        },
      },
      pods: [failed("a")],
      reason: "CompletionsReached",
    },
  };
  test.each(Object.entries(cases))("%s", (_, { job: overrides, pods = [], reason }) => {
    const job = aJob(overrides);
    const count = countPods(job, pods, { decided: false });
    expect(decideOutcome({ job, pods, count, now: noon })?.reason).toBe(reason);
  });
});

test("the time until the deadline counts from the start", () => {
  expect(untilDeadline(aJob({ spec: { activeDeadlineSeconds: 100 } }), noon)).toBe(40_000);
});
