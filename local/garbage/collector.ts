/**
 * The garbage collector: looks at an object when it, its owners or its dependents change, and carries out the verdict.
 */
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { events, type KubeObject, type OwnerReference, type Resource } from "../../kube/objects.ts";
import { startLoop } from "../loop.ts";
import type { Registry, RegistryEvent } from "../registry.ts";
import { sameKind } from "../same-kind.ts";
import { type Node, OwnershipGraph, ownersOf } from "./graph.ts";
import { decide, type Owner } from "./verdict.ts";

export interface CollectorOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
  /** All kinds that are served. */
  readonly resources: readonly Resource[];
}

/** @returns a function that stops it */
export function startGarbageCollector(options: CollectorOptions): () => void {
  const { registry, clock, log } = options;
  // Events are many, own nothing and are owned by nothing.
  const resources = options.resources.filter((resource) => !sameKind(resource, events));
  const graph = new OwnershipGraph();
  const loop = startLoop({ name: "garbage collector", clock, log, sync: (uid) => collect({ ...options, graph }, uid) });

  const apply = (event: RegistryEvent): void => {
    if (sameKind(event.resource, events)) return;
    const uid = event.object.metadata?.uid ?? "";
    const dependents = event.type === "DELETED" ? graph.dependentsOf(uid) : [];
    graph.apply(event);
    for (const dependent of dependents) loop.wake(dependent.uid);
    for (const owner of [...ownersOf(event.object), ...ownersOf(event.previous)]) loop.wake(owner);
    if (event.type !== "DELETED") loop.wake(uid);
    // Its dependents' owner may now be one that waits for them.
    if (isNewlyDeleting(event)) for (const dependent of graph.dependentsOf(uid)) loop.wake(dependent.uid);
  };
  const unsubscribe = registry.subscribe(apply);
  for (const resource of resources) {
    for (const object of registry.list(resource)) apply({ type: "ADDED", resource, object });
  }
  return () => {
    unsubscribe();
    loop.close();
  };
}

function isNewlyDeleting({ object, previous }: RegistryEvent): boolean {
  return object.metadata?.deletionTimestamp !== undefined && previous?.metadata?.deletionTimestamp === undefined;
}

interface Context extends CollectorOptions {
  readonly graph: OwnershipGraph;
}

function collect(context: Context, uid: string): undefined {
  const { graph, registry } = context;
  const node = graph.get(uid);
  const object = node === undefined ? undefined : read(context, node);
  if (node === undefined || object === undefined) return;
  const dependents = graph.dependentsOf(uid).flatMap((dependent) => read(context, dependent) ?? []);
  const verdict = decide({ object, dependents, ownerOf: (reference) => ownerOf(context, { object, reference }) });
  switch (verdict.do) {
    case "nothing":
      return;
    case "delete":
      registry.delete(node.resource, node.key, { uid, propagationPolicy: verdict.propagationPolicy });
      return;
    case "keepOwners":
      registry.update(node.resource, withOwners(object, verdict.owners));
      return;
    case "deleteDependents":
      for (const { metadata } of verdict.dependents) collect(context, metadata?.uid ?? "");
      return;
    case "release":
      for (const dependent of verdict.orphans) orphanFrom(context, dependent, uid);
      registry.update(node.resource, withoutFinalizer(object, verdict.finalizer));
  }
}

function read({ registry }: Context, { resource, key, uid }: Node): KubeObject | undefined {
  const object = registry.get(resource, key);
  return object?.metadata?.uid === uid ? object : undefined;
}

/** An owner in another namespace is no owner: a namespaced object may own within its namespace alone. */
function ownerOf(context: Context, { object, reference }: { object: KubeObject; reference: OwnerReference }): Owner {
  const group = reference.apiVersion.includes("/") ? reference.apiVersion.split("/")[0] : "";
  if (!context.resources.some((resource) => resource.kind === reference.kind && resource.group === group)) {
    return "unknown";
  }
  const node = context.graph.get(reference.uid);
  const isNear = node?.key.namespace === undefined || node.key.namespace === object.metadata?.namespace;
  return (node === undefined || !isNear ? undefined : read(context, node)) ?? "absent";
}

function orphanFrom({ graph, registry }: Context, dependent: KubeObject, owner: string): void {
  const node = graph.get(dependent.metadata?.uid ?? "");
  const owners = (dependent.metadata?.ownerReferences ?? []).filter(({ uid }) => uid !== owner);
  if (node !== undefined) registry.update(node.resource, withOwners(dependent, owners));
}

function withOwners(object: KubeObject, owners: readonly OwnerReference[]): KubeObject {
  const { ownerReferences: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata: owners.length === 0 ? metadata : { ...metadata, ownerReferences: [...owners] } };
}

function withoutFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const { finalizers = [], ...metadata } = object.metadata ?? {};
  const left = finalizers.filter((each) => each !== finalizer);
  return { ...object, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } };
}
