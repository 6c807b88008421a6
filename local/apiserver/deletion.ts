/**
 * How an object goes: at once, or, while a finalizer, a grace period or its contents keep it, marked with a
 * deletionTimestamp until the last of these is gone.
 */
import type { KubeObject, ObjectKey } from "../../kube/objects.ts";
import { timestamp } from "../timestamp.ts";
import type { Kind } from "./kinds/kind.ts";
import { conflict, forbidden, notFound } from "./status.ts";
import { isReleased, storeKey, subject, type Machine } from "./writes.ts";

export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: "Foreground" | "Background" | "Orphan";
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
}

export interface Deleted {
  /** As it was last, or as it is now that it is being deleted. */
  readonly object: KubeObject;
  /** Whether it is gone. */
  readonly gone: boolean;
}

/** @throws StatusError 403, 404, or 409 when a precondition does not hold */
export function remove(machine: Machine, kind: Kind, request: DeleteOptions & { key: ObjectKey }): Deleted {
  const { store, clock } = machine;
  const key = storeKey(request.key);
  const old = store.get(kind.id, key);
  if (old === undefined) throw notFound(subject(kind, request.key.name));
  const protection = kind.behaviour.protects?.(old);
  if (protection !== undefined) throw forbidden(subject(kind, request.key.name), protection);
  requirePreconditions(kind, old, request);
  const next = marked(kind, old, { ...request, now: clock.now() });
  const gone = isReleased(kind, next);
  if (request.dryRun === true) return { object: gone ? old : next, gone };
  if (!gone && next === old) return { object: old, gone };
  const write = { kind: kind.id, key, object: gone ? old : next, previous: old };
  return { object: store.write({ ...write, type: gone ? "DELETED" : "MODIFIED" }), gone };
}

function requirePreconditions(
  kind: Kind,
  { metadata = {} }: KubeObject,
  { uid, resourceVersion }: DeleteOptions,
): void {
  const of = subject(kind, metadata.name ?? "");
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(of, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      of,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ` +
        `ResourceVersion in object meta: ${metadata.resourceVersion}`,
    );
  }
}

/** The object, marked as being deleted; the same object when it already was and nothing about that changes. */
function marked(kind: Kind, old: KubeObject, request: DeleteOptions & { now: number }): KubeObject {
  const { metadata = {} } = old;
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata;
  const asked = kind.behaviour.grace?.(old, request.gracePeriodSeconds) ?? 0;
  const grace = deletionTimestamp === undefined ? asked : Math.min(asked, deletionGracePeriodSeconds);
  const finalizers = finalizersFor(kind, old, request.propagationPolicy);
  const again = deletionTimestamp !== undefined && grace === deletionGracePeriodSeconds;
  if (again && finalizers.join() === (metadata.finalizers ?? []).join()) return old;
  const { generation, finalizers: _, ...kept } = metadata;
  const next: KubeObject = {
    ...old,
    metadata: {
      ...kept,
      ...(generation === undefined ? {} : { generation: generation + (deletionTimestamp === undefined ? 1 : 0) }),
      ...(finalizers.length === 0 ? {} : { finalizers: [...finalizers] }),
      deletionTimestamp: again ? deletionTimestamp : timestamp(request.now + grace * 1000),
      deletionGracePeriodSeconds: grace,
    },
  };
  kind.behaviour.prepareDelete?.(next);
  return next;
}

/** The garbage collector's two finalizers say what is to happen to dependents; the others stay as they are. */
function finalizersFor(
  kind: Kind,
  { metadata = {} }: KubeObject,
  policy: DeleteOptions["propagationPolicy"],
): readonly string[] {
  const finalizers = metadata.finalizers ?? [];
  const others = finalizers.filter((finalizer) => finalizer !== "orphan" && finalizer !== "foregroundDeletion");
  switch (policy) {
    case "Orphan":
      return [...others, "orphan"];
    case "Foreground":
      return [...others, "foregroundDeletion"];
    case "Background":
      return others;
    case undefined:
      if (others.length < finalizers.length) return finalizers;
      return kind.behaviour.orphansByDefault === true ? [...others, "orphan"] : others;
  }
}
