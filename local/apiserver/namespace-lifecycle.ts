/**
 * What a namespace brings with it and takes with it: a new one gets its default service account, and one that is
 * being deleted has its contents deleted, and goes when the last of them has gone.
 */
import type { KubeObject } from "../../kube/objects.ts";
import { remove } from "./deletion.ts";
import type { Kind } from "./kinds/kind.ts";
import type { Change } from "./storage/history.ts";
import { create, decode, isReleased, type Machine } from "./writes.ts";

/** Looks after all namespaces from now on, beginning with what was left undone when the server last stopped. */
export function keepNamespaces(machine: Machine): void {
  const { store } = machine;
  for (const namespace of store.range({ kind: "namespaces", prefix: "", after: "", limit: 2 ** 40 }).values()) {
    settle(machine, namespace);
  }
  store.subscribe((change) => {
    const namespace = touched(machine, change);
    if (namespace !== undefined) settle(machine, namespace);
  });
}

/** The namespace that a change gives us something to do in. */
function touched({ store }: Machine, { kind, type, object }: Change): KubeObject | undefined {
  if (kind === "namespaces") return type === "DELETED" ? undefined : object;
  if (type !== "DELETED" || object.metadata?.namespace === undefined) return undefined;
  const namespace = store.get("namespaces", object.metadata.namespace);
  return namespace?.metadata?.deletionTimestamp === undefined ? undefined : namespace;
}

function settle(machine: Machine, namespace: KubeObject): void {
  const { name = "", deletionTimestamp } = namespace.metadata ?? {};
  if (deletionTimestamp !== undefined) empty(machine, name);
  else if (machine.store.get("serviceaccounts", `${name}/default`) === undefined) {
    const kind = machine.kinds.byId("serviceaccounts");
    const { object } = decode(kind, { metadata: { name: "default", namespace: name } });
    create(machine, kind, { object });
  }
}

/** Deletes what is in the namespace and is not being deleted yet; when nothing is left, lets the namespace go. */
function empty(machine: Machine, name: string): void {
  const contents = machine.kinds.all.flatMap((kind) => within(machine, kind, name));
  for (const { kind, object } of contents) {
    const { name: item = "", uid = "", deletionTimestamp } = object.metadata ?? {};
    if (deletionTimestamp !== undefined) continue;
    remove(machine, kind, { key: { namespace: name, name: item }, uid, propagationPolicy: "Background" });
  }
  const left = machine.kinds.all.some((kind) => within(machine, kind, name).length > 0);
  if (!left) letGo(machine, name);
}

/** Takes away what holds an emptied namespace; finalizers of others may hold it still. */
function letGo({ store, kinds }: Machine, name: string): void {
  const kind = kinds.byId("namespaces");
  const namespace = store.get(kind.id, name);
  if (namespace === undefined || kind.behaviour.held?.(namespace) !== true) return;
  const object = { ...namespace, spec: { finalizers: [] } } as KubeObject;
  const type = isReleased(kind, object) ? "DELETED" : "MODIFIED";
  store.write({ type, kind: kind.id, key: name, object, previous: namespace });
}

function within({ store }: Machine, kind: Kind, namespace: string): { kind: Kind; object: KubeObject }[] {
  if (!kind.resource.namespaced) return [];
  const range = { kind: kind.id, prefix: `${namespace}/`, after: "", limit: 2 ** 40 };
  return [...store.range(range).values()].map((object) => ({ kind, object }));
}
