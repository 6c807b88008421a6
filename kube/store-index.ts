/**
 * Which objects have a value. Most values belong to one object (a uid, an owner), so a lone key is kept bare and only
 * the second one makes a set: ten thousand sets of one would weigh more than the objects' names.
 */
export interface StoreIndex<T> {
  add(key: string, object: T): void;
  remove(key: string, object: T): void;
  keys(value: string): Iterable<string>;
}

/** `valuesOf` must be a pure function of the object: it is asked again when the object is removed. */
export function storeIndex<T>(valuesOf: (object: T) => readonly string[]): StoreIndex<T> {
  const buckets = new Map<string, string | Set<string>>();
  return {
    add(key, object) {
      for (const value of valuesOf(object)) {
        const bucket = buckets.get(value);
        if (bucket === undefined) buckets.set(value, key);
        else if (typeof bucket !== "string") bucket.add(key);
        else if (bucket !== key) buckets.set(value, new Set([bucket, key]));
      }
    },
    remove(key, object) {
      for (const value of valuesOf(object)) {
        const bucket = buckets.get(value);
        if (bucket === key) buckets.delete(value);
        if (bucket === undefined || typeof bucket === "string") continue;
        bucket.delete(key);
        if (bucket.size === 0) buckets.delete(value);
      }
    },
    keys(value) {
      const bucket = buckets.get(value);
      return typeof bucket === "string" ? [bucket] : (bucket ?? []);
    },
  };
}
