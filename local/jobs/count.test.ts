import { describe, expect, test } from "vitest";
import type { Job, JobSpec, JobStatus, Pod } from "../../kube/objects.ts";
import { aJob, aPod, failed, succeeded } from "../../test/builders/jobs.ts";
import { countPods } from "./count.ts";

const open = { decided: false };
const names = (pods: readonly Pod[]): (string | undefined)[] => pods.map(({ metadata }) => metadata?.name);
const indexed = (spec: Partial<JobSpec> = {}, status: JobStatus = {}): Job =>
  aJob({ spec: { completionMode: "Indexed", completions: 5, parallelism: 5, ...spec }, status });

describe("an end is counted in three steps", () => {
  test("first the pod's uid joins the status, and counts already for decisions", () => {
    const count = countPods(aJob(), [succeeded("a"), failed("b"), aPod({ name: "c" })], open);
    expect(count).toMatchObject({ succeeded: 1, failed: 1, settled: false });
    expect(count.status).toMatchObject({
      succeeded: 0,
      failed: 0,
      uncountedTerminatedPods: { succeeded: ["a"], failed: ["b"] },
    });
    expect(names(count.release)).toEqual(["a", "b"]);
  });

  test("cut off before its finalizer went, it is not taken up twice", () => {
    const job = aJob({ status: { uncountedTerminatedPods: { succeeded: ["a"] } } });
    const count = countPods(job, [succeeded("a")], open);
    expect(count.succeeded).toBe(1);
    expect(count.status.uncountedTerminatedPods).toEqual({ succeeded: ["a"] });
    expect(names(count.release)).toEqual(["a"]);
  });

  test("without its finalizer its uid becomes one more", () => {
    const job = aJob({
      status: { succeeded: 1, failed: 2, uncountedTerminatedPods: { succeeded: ["a"], failed: ["b"] } },
    });
    const count = countPods(job, [succeeded("a", { tracked: false }), failed("b", { tracked: false })], open);
    expect(count).toMatchObject({ succeeded: 2, failed: 3, settled: true });
    expect(count.status).toMatchObject({ succeeded: 2, failed: 3, uncountedTerminatedPods: {} });
  });

  test("a pod that is gone altogether is still counted by its uid", () => {
    const job = aJob({ status: { uncountedTerminatedPods: { failed: ["b"] } } });
    expect(countPods(job, [], open)).toMatchObject({ failed: 1, settled: true });
  });

  test("a pod that was counted long ago is not counted again", () => {
    expect(countPods(aJob({ status: { failed: 1 } }), [failed("b", { tracked: false })], open).failed).toBe(1);
  });
});

describe("what counts as failed", () => {
  test("a pod that is being deleted, at once", () => {
    expect(countPods(aJob(), [aPod({ deleting: true })], open).failed).toBe(1);
  });

  test("not before it is terminal, where only such pods are replaced", () => {
    const job = aJob({ spec: { podReplacementPolicy: "Failed" } });
    const count = countPods(job, [aPod({ deleting: true })], open);
    expect(count).toMatchObject({ failed: 0, release: [] });
  });

  test("not one that a rule ignores, which is let go all the same", () => {
    const rules = [{ action: "Ignore", onExitCodes: { operator: "In", values: [1] } }];
    const count = countPods(aJob({ spec: { podFailurePolicy: { rules } } }), [failed("a")], open);
    expect(count.failed).toBe(0);
    expect(count.status.uncountedTerminatedPods).toEqual({});
    expect(names(count.release)).toEqual(["a"]);
  });

  test("pods of a Job that is being deleted are let go, whatever they do", () => {
    const job = aJob({ metadata: { deletionTimestamp: "2030-01-01T12:00:00Z" } });
    expect(names(countPods(job, [aPod({ name: "a" })], open).release)).toEqual(["a"]);
  });
});

describe("an Indexed Job", () => {
  test("counts each succeeded index once, however many pods it had", () => {
    const job = indexed({}, { completedIndexes: "0,2" });
    const pods = [succeeded("a", { index: 2 }), succeeded("b", { index: 3 }), succeeded("c", { index: 3 })];
    const count = countPods(job, pods, open);
    expect(count.succeeded).toBe(3);
    expect(count.status).toMatchObject({ succeeded: 3, completedIndexes: "0,2,3" });
  });

  test("counts no pod whose index it does not ask for", () => {
    const count = countPods(indexed(), [succeeded("a", { index: 5 }), failed("b", { index: 7 })], open);
    expect(count).toMatchObject({ succeeded: 0, failed: 0 });
    expect(names(count.release)).toEqual(["a", "b"]);
  });

  const perIndex = { backoffLimitPerIndex: 1 };
  const second = { annotations: { "batch.kubernetes.io/job-index-failure-count": "1" } };

  test("keeps the last failure of an index until a replacement carries on its count", () => {
    const first = failed("a", { index: 1 });
    const waiting = countPods(indexed(perIndex), [first], open);
    expect(waiting).toMatchObject({ failed: 1, release: [], settled: false });
    const replaced = countPods(indexed(perIndex), [first, aPod({ name: "b", index: 1, ...second })], open);
    expect(names(replaced.release)).toEqual(["a"]);
  });

  test("lets it go when the Job's outcome is decided, for then there is no replacement", () => {
    expect(names(countPods(indexed(perIndex), [failed("a", { index: 1 })], { decided: true }).release)).toEqual(["a"]);
  });

  test("fails an index for good when it failed more often than its limit", () => {
    const count = countPods(indexed(perIndex), [failed("b", { index: 1, ...second })], open);
    expect(count.status).toMatchObject({ failedIndexes: "1" });
    expect(names(count.release)).toEqual(["b"]);
  });

  test("fails an index at once when a rule says so", () => {
    const rules = [{ action: "FailIndex", onExitCodes: { operator: "In", values: [1] } }];
    const job = indexed({ backoffLimitPerIndex: 9, podFailurePolicy: { rules } }, { failedIndexes: "4" });
    expect(countPods(job, [failed("a", { index: 2 })], open).status).toMatchObject({ failedIndexes: "2,4" });
  });
});
