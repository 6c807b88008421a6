/**
 * The pods of each Job at hand, without a search through all pods: an index by the controller's uid, kept by the
 * registry's own announcements, which come with the change and not after it.
 */
import { type Pod, pods } from "../../kube/objects.ts";
import { controllerOf } from "../owners.ts";
import type { Registry } from "../registry.ts";
import { sameKind } from "../same-kind.ts";

export interface OwnedPods {
  /** Pods controlled by the object with this uid. */
  of(uid: string): Pod[];
  close(): void;
}

export function ownedPods(registry: Registry): OwnedPods {
  const byOwner = new Map<string, Map<string, Pod>>();

  const put = (pod: Pod): void => {
    const owner = controllerOf(pod)?.uid;
    if (owner === undefined) return;
    const siblings = byOwner.get(owner) ?? new Map<string, Pod>();
    byOwner.set(owner, siblings.set(pod.metadata?.uid ?? "", pod));
  };
  const remove = (pod: Pod): void => {
    const owner = controllerOf(pod)?.uid ?? "";
    const siblings = byOwner.get(owner);
    siblings?.delete(pod.metadata?.uid ?? "");
    if (siblings?.size === 0) byOwner.delete(owner);
  };

  const close = registry.subscribe(({ type, resource, object, previous }) => {
    if (!sameKind(resource, pods)) return;
    if (previous !== undefined) remove(previous);
    if (type === "DELETED") remove(object);
    else put(object);
  });
  for (const pod of registry.list<Pod>(pods)) put(pod);
  return { of: (uid) => [...(byOwner.get(uid)?.values() ?? [])], close };
}
