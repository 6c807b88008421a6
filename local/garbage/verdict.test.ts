import { describe, expect, test } from "vitest";
import type { KubeObject, ObjectMeta, OwnerReference } from "../../kube/objects.ts";
import { decide, type Owner, type Verdict } from "./verdict.ts";

const gone = "2030-01-01T00:00:00Z";
const owner = (uid: string, block = false): OwnerReference => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  name: uid,
  uid,
  blockOwnerDeletion: block,
});
const object = (metadata: ObjectMeta = {}): KubeObject => ({ metadata: { uid: "me", ...metadata } });
const alive = object({ uid: "owner" });
const leaving = object({ uid: "owner", deletionTimestamp: gone, finalizers: ["foregroundDeletion"] });
const held = object({ uid: "owner", deletionTimestamp: gone, finalizers: ["example.com/hold"] });
const blocker = object({ uid: "child", ownerReferences: [owner("me", true)] });
const goingBlocker = object({ uid: "child", ownerReferences: [owner("me", true)], deletionTimestamp: gone });
const bystander = object({ uid: "child", ownerReferences: [owner("me")] });

interface Case {
  readonly metadata?: ObjectMeta;
  /** By the uid of the reference. */
  readonly owners?: Record<string, Owner>;
  readonly dependents?: KubeObject[];
  readonly verdict: Verdict;
}

const nothing: Verdict = { do: "nothing" };

describe("the garbage collector's verdict", () => {
  const cases: Record<string, Case> = {
    "an object without owners lives": { verdict: nothing },
    "an object lives as long as its owner": { owners: { a: alive }, verdict: nothing },
    "an object whose owner is gone goes": {
      owners: { a: "absent" },
      verdict: { do: "delete", propagationPolicy: "Background" },
    },
    "an owner that is being deleted, but not in the foreground, is still there": {
      owners: { a: held },
      verdict: nothing,
    },
    "an owner of a kind that nobody serves may be there": { owners: { a: "unknown" }, verdict: nothing },
    "one owner of two is enough, and the other is struck out": {
      owners: { a: "absent", b: alive },
      verdict: { do: "keepOwners", owners: [owner("b")] },
    },
    "an owner that waits in the foreground is as good as gone": {
      owners: { a: leaving },
      verdict: { do: "delete", propagationPolicy: "Background" },
    },
    "and waits for the dependents of its dependents": {
      owners: { a: leaving },
      dependents: [bystander],
      verdict: { do: "delete", propagationPolicy: "Foreground" },
    },
    "an object that another owner keeps does not hold up the one that waits": {
      owners: { a: leaving, b: alive },
      verdict: { do: "keepOwners", owners: [owner("b")] },
    },
    "orphaning strikes the owner out of its dependents first": {
      metadata: { deletionTimestamp: gone, finalizers: ["orphan"] },
      dependents: [bystander],
      verdict: { do: "release", finalizer: "orphan", orphans: [bystander] },
    },
    "in the foreground dependents that block go first": {
      metadata: { deletionTimestamp: gone, finalizers: ["foregroundDeletion"] },
      dependents: [blocker, bystander],
      verdict: { do: "deleteDependents", dependents: [blocker] },
    },
    "and are waited for": {
      metadata: { deletionTimestamp: gone, finalizers: ["foregroundDeletion"] },
      dependents: [goingBlocker],
      verdict: nothing,
    },
    "dependents that do not block are not": {
      metadata: { deletionTimestamp: gone, finalizers: ["foregroundDeletion"] },
      dependents: [bystander],
      verdict: { do: "release", finalizer: "foregroundDeletion", orphans: [] },
    },
    "an object held by others' finalizers is left to them": {
      metadata: { deletionTimestamp: gone, finalizers: ["example.com/hold"] },
      dependents: [blocker],
      verdict: nothing,
    },
  };
  test.each(Object.entries(cases))("%s", (_, { metadata = {}, owners = {}, dependents = [], verdict }) => {
    const references = Object.keys(owners).map((uid) => owner(uid));
    const subject = object({ ...metadata, ...(references.length > 0 ? { ownerReferences: references } : {}) });
    const ownerOf = ({ uid }: OwnerReference): Owner => owners[uid] ?? "absent";
    expect(decide({ object: subject, dependents, ownerOf })).toEqual(verdict);
  });
});
