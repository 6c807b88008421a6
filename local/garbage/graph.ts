/**
 * Who depends on whom, over all kinds: nodes by uid, and for each owner's uid its dependents. Fed by the registry's
 * announcements; nodes are addresses only, objects are read when they are worked on.
 */
import type { KubeObject, ObjectKey, Resource } from "../../kube/objects.ts";
import type { RegistryEvent } from "../registry.ts";

export interface Node {
  readonly resource: Resource;
  readonly key: ObjectKey;
  readonly uid: string;
}

export class OwnershipGraph {
  readonly #nodes = new Map<string, Node>();
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): Node | undefined {
    return this.#nodes.get(uid);
  }

  dependentsOf(uid: string): Node[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#nodes.get(dependent) ?? []);
  }

  apply({ type, resource, object, previous }: Omit<RegistryEvent, "previous"> & { previous?: KubeObject }): void {
    const { namespace, name = "", uid = "" } = object.metadata ?? {};
    for (const owner of ownersOf(previous)) this.#unlink(owner, uid);
    if (type === "DELETED") {
      this.#nodes.delete(uid);
      for (const owner of ownersOf(object)) this.#unlink(owner, uid);
      return;
    }
    this.#nodes.set(uid, { resource, key: namespace === undefined ? { name } : { namespace, name }, uid });
    for (const owner of ownersOf(object)) {
      const dependents = this.#dependents.get(owner) ?? new Set<string>();
      this.#dependents.set(owner, dependents.add(uid));
    }
  }

  #unlink(owner: string, dependent: string): void {
    const dependents = this.#dependents.get(owner);
    dependents?.delete(dependent);
    if (dependents?.size === 0) this.#dependents.delete(owner);
  }
}

/** Uids of an object's owners. */
export function ownersOf(object: KubeObject | undefined): string[] {
  return (object?.metadata?.ownerReferences ?? []).map(({ uid }) => uid);
}
