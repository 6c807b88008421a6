/**
 * How an object comes into being and changes: structure and defaults, the fields that belong to the server, the
 * kind's rules, and then one durable write. HTTP requests and the cluster's own controllers come through here alike.
 */
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../kube/clock.ts";
import type { KubeObject, ObjectKey, ObjectMeta } from "../../kube/objects.ts";
import { timestamp } from "../timestamp.ts";
import { validateMetadata, validateMetadataUpdate } from "./admission/object-meta.ts";
import { structure } from "./admission/structure.ts";
import { apiVersionOf, type Kind } from "./kinds/kind.ts";
import type { Kinds } from "./kinds/kinds.ts";
import {
  alreadyExists,
  badRequest,
  conflict,
  forbidden,
  invalid,
  invalidValue,
  notFound,
  staleVersion,
} from "./status.ts";
import type { Subject } from "./status.ts";
import type { Store } from "./storage/store.ts";

export interface Machine {
  readonly store: Store;
  readonly kinds: Kinds;
  readonly clock: Clock;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly subresource?: "status";
}

export const storeKey = ({ namespace, name }: ObjectKey): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

export const subject = ({ resource }: Kind, name: string): Subject => ({ ...resource, name });

/** An object of the kind with the structure of its schema, a copy. Unknown fields are gone and named. */
export function decode(kind: Kind, value: unknown): { object: KubeObject; unknown: readonly string[] } {
  const { value: shaped, unknown } = structure(value, kind.schema, kind.resource.kind);
  const { metadata = {}, ...rest } = shaped as KubeObject;
  return { object: { ...rest, apiVersion: apiVersionOf(kind.resource), kind: kind.resource.kind, metadata }, unknown };
}

/**
 * @param object as decoded; with metadata.namespace for namespaced kinds
 * @throws StatusError
 */
export function create(
  machine: Machine,
  kind: Kind,
  { object, dryRun }: WriteOptions & { object: KubeObject },
): KubeObject {
  const metadata = newMetadata(machine, kind, object.metadata ?? {});
  const created: KubeObject = { ...object, metadata };
  if (kind.hasStatus) delete (created as { status?: unknown }).status;
  kind.behaviour.prepare?.(created, undefined);
  requireNamespace(machine, kind, metadata);
  requireValid(kind, created, undefined);
  const key = storeKey(metadata as ObjectKey);
  if (machine.store.get(kind.id, key) !== undefined) throw alreadyExists(subject(kind, metadata.name ?? ""));
  if (dryRun === true) return created;
  return machine.store.write({ type: "ADDED", kind: kind.id, key, object: created });
}

function newMetadata({ clock, store }: Machine, kind: Kind, given: ObjectMeta): ObjectMeta {
  if ((given.resourceVersion ?? "") !== "")
    throw badRequest("resourceVersion should not be set on objects to be created");
  const { deletionTimestamp: _, deletionGracePeriodSeconds: __, resourceVersion: ___, ...kept } = given;
  const name = (given.name ?? "") === "" ? generatedName(clock, { store, kind, given }) : given.name;
  return {
    ...kept,
    ...(name === undefined ? {} : { name }),
    uid: randomUUID(),
    creationTimestamp: timestamp(clock.now()),
    ...(kind.behaviour.generation === true ? { generation: 1 } : {}),
  };
}

const suffixLetters = "bcdfghjklmnpqrstvwxz2456789";

/** The generateName with five letters at its end, of which eight tries find one that is free. */
function generatedName(
  clock: Clock,
  { store, kind, given }: { store: Store; kind: Kind; given: ObjectMeta },
): string | undefined {
  const { generateName: stem, namespace } = given;
  if (stem === undefined || stem === "") return undefined;
  const letter = (): string => suffixLetters.charAt(Math.floor(clock.random() * suffixLetters.length));
  let name = "";
  for (let attempt = 0; attempt < 8; attempt++) {
    name = stem.slice(0, 58) + Array.from({ length: 5 }, letter).join("");
    const key = storeKey(namespace === undefined ? { name } : { namespace, name });
    if (store.get(kind.id, key) === undefined) break;
  }
  return name;
}

function requireNamespace({ store }: Machine, kind: Kind, { namespace, name = "" }: ObjectMeta): void {
  if (!kind.resource.namespaced) return;
  const found = store.get("namespaces", namespace ?? "");
  if (found === undefined)
    throw notFound({ group: "", plural: "namespaces", kind: "Namespace", name: namespace ?? "" });
  if (found.metadata?.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(subject(kind, name), why, [
    {
      field: "metadata.namespace",
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
    },
  ]);
}

function requireValid(kind: Kind, object: KubeObject, old: KubeObject | undefined): void {
  const causes = [
    ...validateMetadata(object, kind.behaviour.nameRule ?? "subdomain"),
    ...(old === undefined ? [] : validateMetadataUpdate(object, old)),
    ...(kind.behaviour.validate?.(object, old) ?? []),
  ];
  if (causes.length > 0) throw invalid(subject(kind, object.metadata?.name ?? ""), causes);
}

/**
 * Replaces an object, or with `subresource: "status"` its status alone.
 * @param object as decoded; name and namespace say which
 * @throws StatusError
 */
export function update(machine: Machine, kind: Kind, change: WriteOptions & { object: KubeObject }): KubeObject {
  const { name = "", namespace } = change.object.metadata ?? {};
  const key = storeKey(namespace === undefined ? { name } : { namespace, name });
  const old = machine.store.get(kind.id, key);
  if (old === undefined) {
    if (kind.behaviour.createOnUpdate !== true || change.subresource !== undefined) throw notFound(subject(kind, name));
    return create(machine, kind, change);
  }
  requireSameObject(kind, change.object, old);
  const next =
    change.subresource === "status" ? withStatus(kind, change.object, old) : replaced(kind, change.object, old);
  requireValid(kind, next, old);
  if (isDeepStrictEqual(next, old)) return old;
  if (change.dryRun === true) return next;
  const gone = isReleased(kind, next);
  return machine.store.write({ type: gone ? "DELETED" : "MODIFIED", kind: kind.id, key, object: next, previous: old });
}

/** Whether nothing keeps an object that is being deleted any longer. */
export function isReleased(kind: Kind, object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata ?? {};
  if (deletionTimestamp === undefined || finalizers.length > 0 || deletionGracePeriodSeconds > 0) return false;
  return kind.behaviour.held?.(object) !== true;
}

function requireSameObject(kind: Kind, object: KubeObject, old: KubeObject): void {
  const { uid, resourceVersion = "", name = "" } = object.metadata ?? {};
  if (uid !== undefined && uid !== old.metadata?.uid) {
    throw conflict(
      subject(kind, name),
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata?.uid}`,
    );
  }
  if (resourceVersion !== "" && resourceVersion !== old.metadata?.resourceVersion)
    throw staleVersion(subject(kind, name));
  if (resourceVersion === "" && kind.behaviour.versionRequired === true) {
    throw invalid(subject(kind, name), [
      invalidValue("metadata.resourceVersion", 0, "must be specified for an update"),
    ]);
  }
}

/** The new object with everything that an update may not change taken from the old one. */
function replaced(kind: Kind, object: KubeObject, old: KubeObject): KubeObject {
  const next: KubeObject & { status?: unknown } = { ...object, metadata: updatedMetadata(object.metadata ?? {}, old) };
  if (kind.hasStatus) {
    delete next.status;
    if ("status" in old) next.status = old.status;
  }
  kind.behaviour.prepare?.(next, old);
  if (kind.behaviour.generation !== true || sameSpec(next, old)) return next;
  return { ...next, metadata: { ...next.metadata, generation: (old.metadata?.generation ?? 0) + 1 } };
}

const serverFields = [
  "uid",
  "creationTimestamp",
  "resourceVersion",
  "generation",
  "generateName",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;

function updatedMetadata(given: ObjectMeta, old: KubeObject): ObjectMeta {
  const kept = Object.entries(given).filter(([name]) => !(serverFields as readonly string[]).includes(name));
  const own = Object.entries(old.metadata ?? {}).filter(([name]) => (serverFields as readonly string[]).includes(name));
  return Object.fromEntries([...kept, ...own]);
}

function sameSpec(object: KubeObject, old: KubeObject): boolean {
  const part = (whole: object): object => {
    const { metadata: _, status: __, ...rest } = whole as { metadata?: unknown; status?: unknown };
    return rest;
  };
  return isDeepStrictEqual(part(object), part(old));
}

function withStatus(kind: Kind, object: KubeObject & { status?: unknown }, old: KubeObject): KubeObject {
  const next: KubeObject & { status?: unknown } = { ...old, status: object.status };
  if (object.status === undefined) delete next.status;
  kind.behaviour.prepareStatus?.(next, old);
  return next;
}
