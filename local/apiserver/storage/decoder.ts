/**
 * From stored text to objects: parsed once, completed with the defaults that the schema has today ("defaults on
 * read"), and frozen all the way down, so that an object can be handed to anyone. A revision names one version of one
 * object for ever, so it is the cache's key.
 */
import type { KubeObject } from "../../../kube/objects.ts";

export type Decode = (kind: string, revision: number, json: string) => KubeObject;
/** Fills in the defaults of the kind; may change the object it is given. */
export type Complete = (kind: string, object: KubeObject) => KubeObject;

/** @param capacity characters of JSON whose objects are kept at most */
export function createDecoder(complete: Complete, capacity = 16 << 20): Decode {
  const cache = new Map<number, { object: KubeObject; size: number }>();
  let held = 0;
  return (kind, revision, json) => {
    const known = cache.get(revision);
    if (known !== undefined) return known.object;
    const object = freeze(complete(kind, JSON.parse(json) as KubeObject));
    cache.set(revision, { object, size: json.length });
    held += json.length;
    for (const [oldest, { size }] of cache) {
      if (held <= capacity) break;
      cache.delete(oldest);
      held -= size;
    }
    return object;
  };
}

/** Freezes a JSON value deeply. */
export function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const item of Object.values(value)) freeze(item);
  return Object.freeze(value);
}
