/**
 * The Registry that the local cluster's own controllers work on: the same writes, checks and deletions as over HTTP,
 * without the protocol. Unknown fields are errors here, for they are mistakes of ours.
 */
import type { KubeObject, ObjectKey, Resource } from "../../kube/objects.ts";
import type { Registry } from "../registry.ts";
import { remove } from "./deletion.ts";
import { kindId, type Kind } from "./kinds/kind.ts";
import { matchesLabels, parseLabelSelector } from "./selectors.ts";
import { strictDecodingError } from "./status.ts";
import { create, decode, storeKey, update, type Machine } from "./writes.ts";

export function createRegistry(machine: Machine): Registry {
  const { store, kinds } = machine;
  const kindOf = (resource: Resource): Kind => kinds.byId(kindId(resource));
  const strictly = (kind: Kind, value: object): KubeObject => {
    const { object, unknown } = decode(kind, value);
    if (unknown.length > 0)
      throw strictDecodingError(
        kind.resource,
        unknown.map((field) => `unknown field "${field}"`),
      );
    return object;
  };
  // A caller's T is its claim of the object's type, as in kube/client.ts.
  return {
    get: <T extends KubeObject>(resource: Resource, key: ObjectKey) =>
      store.get(kindId(resource), storeKey(key)) as T | undefined,
    list<T extends KubeObject>(resource: Resource, filter: { namespace?: string; labelSelector?: string } = {}) {
      const prefix = filter.namespace === undefined ? "" : `${filter.namespace}/`;
      const range = { kind: kindOf(resource).id, prefix, after: "", limit: Number.MAX_SAFE_INTEGER };
      const requirements = parseLabelSelector(filter.labelSelector ?? "");
      return [...store.range(range).values()].filter((object) => matchesLabels(object, requirements)) as T[];
    },
    create<T extends KubeObject>(resource: Resource, object: T) {
      const kind = kindOf(resource);
      return create(machine, kind, { object: strictly(kind, object) }) as T;
    },
    update<T extends KubeObject>(resource: Resource, object: T) {
      const kind = kindOf(resource);
      return update(machine, kind, { object: strictly(kind, object) }) as T;
    },
    updateStatus<T extends KubeObject>(resource: Resource, object: T) {
      const kind = kindOf(resource);
      return update(machine, kind, { object: strictly(kind, object), subresource: "status" }) as T;
    },
    delete(resource, key, options = {}) {
      remove(machine, kindOf(resource), { ...options, key });
    },
    subscribe: (listener) =>
      store.subscribe(({ type, kind, object, previous }) => {
        const { resource } = kinds.byId(kind);
        listener({ type, resource, object, ...(previous === undefined ? {} : { previous }) });
      }),
  };
}
