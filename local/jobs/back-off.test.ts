import { describe, expect, test } from "vitest";
import type { JobSpec, Pod } from "../../kube/objects.ts";
import { aJob, aPod, failed, noon, succeeded } from "../../test/builders/jobs.ts";
import { kubernetesBackOff as limits, lastFailures, remainingBackOff, remainingIndexBackOff } from "./back-off.ts";

describe("seconds until a Job replaces a failed pod", () => {
  const ignoring: Partial<JobSpec> = {
    podFailurePolicy: { rules: [{ action: "Ignore", onExitCodes: { operator: "In", values: [1] } }] },
  };
  const cases: Record<string, { pods: Pod[]; seconds: number; spec?: Partial<JobSpec> }> = {
    "none without a failure": { pods: [aPod(), succeeded("a")], seconds: 0 },
    "10 after the first": { pods: [failed("a")], seconds: 10 },
    "20 after the second": { pods: [failed("a", { endedAgo: 10 }), failed("b")], seconds: 20 },
    "less by the time that has passed since the last": {
      pods: [failed("a", { endedAgo: 30 }), failed("b", { endedAgo: 5 })],
      seconds: 15,
    },
    "10 minutes at most": {
      pods: Array.from({ length: 12 }, (_, i) => failed(`f${i}`)),
      seconds: 600,
    },
    "failures before the last success are forgotten": {
      pods: [failed("a", { endedAgo: 30 }), succeeded("b", { endedAgo: 20 }), failed("c")],
      seconds: 10,
    },
    "none after a success that came last": { pods: [failed("a", { endedAgo: 2 }), succeeded("b")], seconds: 0 },
    "an ignored failure does not count": { pods: [failed("a")], spec: ignoring, seconds: 0 },
    "a pod that is being deleted has failed": { pods: [aPod({ deleting: true })], seconds: 10 },
    "but not where only terminal pods are replaced": {
      pods: [aPod({ deleting: true })],
      spec: { podReplacementPolicy: "Failed" },
      seconds: 0,
    },
  };
  test.each(Object.entries(cases))("%s", (_, { pods, spec, seconds }) => {
    const remaining = remainingBackOff({ job: aJob({ spec: spec ?? {} }), pods, now: noon, limits });
    expect(Math.max(0, remaining)).toBe(seconds * 1000);
  });
});

describe("with backoffLimitPerIndex", () => {
  const job = aJob({ spec: { completionMode: "Indexed", completions: 3, backoffLimitPerIndex: 5 } });
  const countedBefore = (failures: number): Record<string, string> => ({
    "batch.kubernetes.io/job-index-failure-count": `${failures}`,
  });

  test("the last failure of an index carries its count on", () => {
    const pods = [
      failed("a", { index: 1, annotations: countedBefore(0) }),
      failed("b", { index: 1, annotations: countedBefore(1) }),
    ];
    expect(lastFailures(job, pods).get(1)).toEqual({ pod: pods[1], failures: 2, ignored: 0 });
  });

  test("each index waits for itself, twice as long each time", () => {
    const last = lastFailures(job, [
      failed("a", { index: 0, annotations: countedBefore(0) }),
      failed("b", { index: 2, annotations: countedBefore(2) }),
    ]);
    const waits = [...last].map(([index, failure]) => [index, remainingIndexBackOff(failure, { now: noon, limits })]);
    expect(waits).toEqual([
      [0, 10_000],
      [2, 40_000],
    ]);
  });

  test("an index that the Job does not ask for is left out", () => {
    expect(lastFailures(job, [failed("a", { index: 3 })])).toEqual(new Map());
  });
});
