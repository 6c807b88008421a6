import { describe, expect, test } from "vitest";
import type { JobSpec, Pod } from "../../kube/objects.ts";
import { aJob, aPod, failed, noon, succeeded } from "../../test/builders/jobs.ts";
import { kubernetesBackOff as limits } from "./back-off.ts";
import { countPods } from "./count.ts";
import { podsWanted } from "./pods-wanted.ts";

const indexed = (spec: Partial<JobSpec> = {}): Partial<JobSpec> => ({
  completionMode: "Indexed",
  completions: 4,
  parallelism: 2,
  ...spec,
});
const old = { endedAgo: 3600 };

function wanted(spec: Partial<JobSpec>, pods: Pod[]) {
  const job = aJob({ spec });
  const result = podsWanted({ job, pods, count: countPods(job, pods, { decided: false }), now: noon, limits });
  return { ...result, delete: result.delete.map(({ metadata }) => metadata?.name) };
}

describe("pods that a Job lacks", () => {
  const cases: Record<string, { spec: Partial<JobSpec>; pods: Pod[]; create: object[] }> = {
    "as many as run in parallel": { spec: { completions: 5, parallelism: 3 }, pods: [], create: [{}, {}, {}] },
    "no more than are still needed": {
      spec: { completions: 3, parallelism: 3 },
      pods: [succeeded("a", old), succeeded("b", old)],
      create: [{}],
    },
    "none with parallelism 0": { spec: { parallelism: 0 }, pods: [], create: [] },
    "none while enough are active": { spec: { completions: 2, parallelism: 1 }, pods: [aPod()], create: [] },
    "one for a failed one, after the back-off": { spec: {}, pods: [failed("a", old)], create: [{}] },
    "one for a terminating one, at once": {
      spec: { parallelism: 1 },
      pods: [{ ...aPod({ name: "a", deleting: true }), metadata: { deletionTimestamp: "2030-01-01T11:00:00Z" } }],
      create: [{}],
    },
    "none for a terminating one where only failed pods are replaced": {
      spec: { podReplacementPolicy: "Failed" },
      pods: [aPod({ deleting: true })],
      create: [],
    },
    "a whole work queue before the first success": {
      spec: { completions: undefined as never, parallelism: 2 },
      pods: [],
      create: [{}, {}],
    },
    "none in a work queue after the first success": {
      spec: { completions: undefined as never, parallelism: 3 },
      pods: [succeeded("a", old), aPod()],
      create: [],
    },
    "the lowest indexes without a pod or a success": {
      spec: indexed({ parallelism: 3 }),
      pods: [succeeded("a", { index: 0, ...old }), aPod({ index: 2 })],
      create: [{ index: 1 }, { index: 3 }],
    },
    "the index of a failed pod again": {
      spec: indexed({ parallelism: 1 }),
      pods: [failed("a", { index: 0, ...old })],
      create: [{ index: 0 }],
    },
    "an index with the failures of its last pod": {
      spec: indexed({ backoffLimitPerIndex: 3 }),
      pods: [failed("a", { index: 0, ...old, annotations: { "batch.kubernetes.io/job-index-failure-count": "1" } })],
      create: [
        { index: 0, failures: 2, ignored: 0 },
        { index: 1, failures: 0, ignored: 0 },
      ],
    },
    "other indexes while one waits for its own back-off": {
      spec: indexed({ backoffLimitPerIndex: 3 }),
      pods: [failed("a", { index: 0 })],
      create: [
        { index: 1, failures: 0, ignored: 0 },
        { index: 2, failures: 0, ignored: 0 },
      ],
    },
  };
  test.each(Object.entries(cases))("%s", (_, { spec, pods, create }) => {
    expect(wanted(spec, pods)).toMatchObject({ create, delete: [] });
  });

  test("are not created during the back-off, and the plan says how long that lasts", () => {
    expect(wanted({}, [failed("a", { endedAgo: 3 })])).toEqual({ create: [], delete: [], lookAgain: 7_000 });
  });

  test("of single indexes say when the first of them may come", () => {
    const plan = wanted(indexed({ completions: 2, backoffLimitPerIndex: 3 }), [
      failed("a", { index: 0, endedAgo: 4 }),
      failed("b", { index: 1, endedAgo: 1 }),
    ]);
    expect(plan).toEqual({ create: [], delete: [], lookAgain: 6_000 });
  });
});

describe("pods that a Job has too many of", () => {
  const cases: Record<string, { spec: Partial<JobSpec>; pods: Pod[]; names: string[] }> = {
    "all when it is suspended": {
      spec: { suspend: true, parallelism: 2 },
      pods: [aPod({ name: "a" }), aPod({ name: "b" })],
      names: ["a", "b"],
    },
    "those not ready go first": {
      spec: { completions: 5, parallelism: 1 },
      pods: [
        aPod({ name: "pending", phase: "Pending" }),
        aPod({ name: "ready", ready: true }),
        aPod({ name: "running" }),
      ],
      names: ["running", "pending"],
    },
    "a second pod of the same index": {
      spec: indexed(),
      pods: [aPod({ name: "a", index: 1 }), aPod({ name: "b", index: 1, ready: true })],
      names: ["a"],
    },
    "a pod whose index is not asked for": {
      spec: indexed(),
      pods: [aPod({ name: "a", index: 0 }), aPod({ name: "z", index: 4 })],
      names: ["z"],
    },
    "a pod whose index has succeeded": {
      spec: indexed(),
      pods: [succeeded("a", { index: 0 }), aPod({ name: "b", index: 0 })],
      names: ["b"],
    },
  };
  test.each(Object.entries(cases))("%s", (_, { spec, pods, names }) => {
    expect(wanted(spec, pods)).toMatchObject({ create: [], delete: names });
  });
});
