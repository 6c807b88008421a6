/** How caches and work queues name an object: `namespace/name`, or the bare name of a cluster-scoped one. */
import type { KubeObject, ObjectKey } from "./objects.ts";

/** The key of an object as it came from the server; "" stands for a name that is missing. */
export function keyOf(object: KubeObject): string {
  const { namespace, name = "" } = object.metadata ?? {};
  return formatKey(namespace === undefined ? { name } : { namespace, name });
}

export function formatKey(key: ObjectKey): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}

/** The reverse of formatKey: names contain no slash. */
export function parseKey(key: string): ObjectKey {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
