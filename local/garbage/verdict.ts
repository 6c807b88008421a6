/**
 * What the garbage collector is to do about one object, decided from the object, its owners and its dependents. As in
 * Kubernetes: an object lives as long as one of its owners does; an owner that is deleted in the foreground goes
 * after the dependents that block it; one that orphans lets its dependents go first.
 */
import type { KubeObject, OwnerReference } from "../../kube/objects.ts";

export const foreground = "foregroundDeletion";
export const orphan = "orphan";

/** An owner that a reference names: absent when no such object is there, unknown when its kind is not served. */
export type Owner = KubeObject | "absent" | "unknown";

export type Verdict =
  | { readonly do: "nothing" }
  /** Delete these dependents and look again when they are gone. */
  | { readonly do: "deleteDependents"; readonly dependents: readonly KubeObject[] }
  /** Take the owner from these dependents, and then the finalizer from the object. */
  | { readonly do: "release"; readonly finalizer: string; readonly orphans: readonly KubeObject[] }
  /** Keep only these of its owners. */
  | { readonly do: "keepOwners"; readonly owners: readonly OwnerReference[] }
  | { readonly do: "delete"; readonly propagationPolicy: "Foreground" | "Background" | "Orphan" };

export interface Subject {
  readonly object: KubeObject;
  readonly ownerOf: (reference: OwnerReference) => Owner;
  readonly dependents: readonly KubeObject[];
}

export function decide(subject: Subject): Verdict {
  const { deletionTimestamp, finalizers = [] } = subject.object.metadata ?? {};
  if (deletionTimestamp === undefined) return judgeOwners(subject);
  if (finalizers.includes(orphan)) return { do: "release", finalizer: orphan, orphans: subject.dependents };
  return finalizers.includes(foreground) ? finishForeground(subject) : { do: "nothing" };
}

function finishForeground({ object, dependents }: Subject): Verdict {
  const uid = object.metadata?.uid;
  const blocking = dependents.filter((dependent) =>
    dependent.metadata?.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
  );
  if (blocking.length === 0) return { do: "release", finalizer: foreground, orphans: [] };
  const alive = blocking.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  return alive.length === 0 ? { do: "nothing" } : { do: "deleteDependents", dependents: alive };
}

function judgeOwners({ object, ownerOf, dependents }: Subject): Verdict {
  const references = object.metadata?.ownerReferences ?? [];
  const owners = references.map((reference) => ({ reference, owner: ownerOf(reference) }));
  const gone = owners.filter(({ owner }) => owner === "absent" || isWaiting(owner));
  if (gone.length === 0) return { do: "nothing" };
  const kept = owners.filter((each) => !gone.includes(each));
  if (kept.length > 0) return { do: "keepOwners", owners: kept.map(({ reference }) => reference) };
  // An owner that waits for this object waits for this object's own dependents too.
  const waits = gone.some(({ owner }) => isWaiting(owner)) && dependents.length > 0;
  return { do: "delete", propagationPolicy: waits ? "Foreground" : policyOf(object) };
}

/** Whether the owner is being deleted and waits for its dependents to go first. */
function isWaiting(owner: Owner): boolean {
  if (typeof owner === "string") return false;
  return owner.metadata?.deletionTimestamp !== undefined && owner.metadata.finalizers?.includes(foreground) === true;
}

/** What an earlier, unfinished deletion has said about dependents still holds. */
function policyOf({ metadata }: KubeObject): "Foreground" | "Background" | "Orphan" {
  if (metadata?.finalizers?.includes(orphan) === true) return "Orphan";
  return metadata?.finalizers?.includes(foreground) === true ? "Foreground" : "Background";
}
