/**
 * Lists as of a revision. A list in pages must be one instant, though writes go on between the pages: the state at
 * revision R is the state now, with every object that has changed since put back to what it was before its first
 * change after R. History has exactly these.
 */
import type { KubeObject } from "../../../kube/objects.ts";
import type { Range, Store } from "./store.ts";

/**
 * @param revision not below the history's floor, not above its latest
 * @returns at most `limit` objects by key, in the order of keys
 */
export function snapshot(store: Store, range: Range, revision: number): [key: string, object: KubeObject][] {
  const before = undone(store, range, revision);
  const present = store.range({ ...range, limit: range.limit + before.size });
  for (const [key, object] of before) {
    if (object === undefined) present.delete(key);
    else present.set(key, object);
  }
  return [...present].toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, range.limit);
}

/** What the objects of the range that changed after `revision` were then; undefined: not there. */
function undone(store: Store, { kind, prefix, after }: Range, revision: number): Map<string, KubeObject | undefined> {
  const before = new Map<string, KubeObject | undefined>();
  if (revision === store.history.latest()) return before;
  for (const { key, previous } of store.history.changes(kind, revision, Number.MAX_SAFE_INTEGER)) {
    if (key > after && key.startsWith(prefix) && !before.has(key)) before.set(key, previous);
  }
  return before;
}
