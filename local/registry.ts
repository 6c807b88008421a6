/**
 * What the parts of the local cluster share: the objects, behind the same checks that a request over HTTP meets.
 * Job controller, scheduler, kubelet and garbage collector work on it directly; everybody else comes through the
 * Kubernetes protocol (apiserver/). All calls are synchronous: the store is SQLite in this process.
 */
import type { KubeObject, ObjectKey, Resource } from "../kube/objects.ts";

export interface RegistryEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: Resource;
  readonly object: KubeObject;
  /** Before the change; absent when added. */
  readonly previous?: KubeObject;
}

/**
 * Writes validate, set metadata (uid, resourceVersion, generation, timestamps), honour finalizers and
 * preconditions, and are durable when they return. They throw a StatusError (apiserver/status.ts).
 * Objects handed out are frozen or copies: changing one changes nothing.
 */
export interface Registry {
  get<T extends KubeObject>(resource: Resource, key: ObjectKey): T | undefined;
  list<T extends KubeObject>(resource: Resource, filter?: { namespace?: string; labelSelector?: string }): T[];
  create<T extends KubeObject>(resource: Resource, object: T): T;
  /** Replaces metadata and spec; a stale `metadata.resourceVersion` is a conflict. */
  update<T extends KubeObject>(resource: Resource, object: T): T;
  /** Replaces the status alone. */
  updateStatus<T extends KubeObject>(resource: Resource, object: T): T;
  delete(
    resource: Resource,
    key: ObjectKey,
    options?: {
      uid?: string;
      resourceVersion?: string;
      propagationPolicy?: "Foreground" | "Background" | "Orphan";
      gracePeriodSeconds?: number;
    },
  ): void;
  /** Calls `listener` after each change, in order. The answer ends it. Listeners must not throw. */
  subscribe(listener: (event: RegistryEvent) => void): () => void;
}
