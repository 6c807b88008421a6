import { describe, expect, test } from "vitest";
import type { Pod } from "../../kube/objects.ts";
import { aJob, aPod, failed, noon } from "../../test/builders/jobs.ts";
import { completionIndex, finishedAt } from "./pod-facts.ts";

describe("when a pod ended", () => {
  const born = "2030-01-01T11:59:00Z";
  const cases: Record<string, { pod: Pod; at: number }> = {
    "its last container's end": { pod: failed("a", { endedAgo: 5 }), at: noon - 5_000 },
    "without one, when its deletion began": { pod: aPod({ deleting: true }), at: noon },
    "without either, its last condition": {
      pod: {
        metadata: { creationTimestamp: born },
        status: {
          conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: "2030-01-01T11:59:30Z" }],
        },
      },
      at: noon - 30_000,
    },
    "at least its creation": { pod: { metadata: { creationTimestamp: born } }, at: noon - 60_000 },
  };
  test.each(Object.entries(cases))("%s", (_, { pod, at }) => {
    expect(finishedAt(pod)).toBe(at);
  });
});

describe("a pod's completion index", () => {
  const job = aJob({ spec: { completionMode: "Indexed", completions: 3 } });
  const cases: Record<string, { pod: Pod; index: number | undefined }> = {
    "is the one of its annotation": { pod: aPod({ index: 2 }), index: 2 },
    "is none beyond the Job's completions": { pod: aPod({ index: 3 }), index: undefined },
    "is none where there is no annotation": { pod: aPod(), index: undefined },
    "is none where the annotation is no number": {
      pod: aPod({ annotations: { "batch.kubernetes.io/job-completion-index": "1e0" } }),
      index: undefined,
    },
  };
  test.each(Object.entries(cases))("%s", (_, { pod, index }) => {
    expect(completionIndex(job, pod)).toBe(index);
  });
});
