/**
 * A cache of objects with indexes: many readers, one writer (the reflector). Readers see whole states only: a relist
 * is swapped in at once, and listeners hear of a change after it is in place. A listener that throws harms nobody.
 */
import type { Log } from "./log.ts";
import { storeIndex, type StoreIndex } from "./store-index.ts";

/** What happened to one object. An object of the same name with another uid is deleted, then added. */
export type Change<T> =
  | { readonly type: "added"; readonly key: string; readonly object: T }
  | { readonly type: "updated"; readonly key: string; readonly object: T; readonly previous: T }
  | { readonly type: "deleted"; readonly key: string; readonly object: T };

/** What readers see. Objects are shared: do not change them. */
export interface Store<T> {
  readonly size: number;
  get(key: string): T | undefined;
  /** The uid under which the object was read, for writes that must not hit a successor of the same name. */
  uidOf(key: string): string | undefined;
  list(): T[];
  keys(): string[];
  /** The objects that have this value in that index, in no particular order. */
  byIndex(index: string, value: string): T[];
  /** Calls `listener` after each change; the answer ends that. */
  subscribe(listener: (change: Change<T>) => void): () => void;
}

/** One object as the cache holds it. */
export interface Entry<T> {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly object: T;
}

/** What the one writer holds. */
export interface WritableStore<T> extends Store<T> {
  set(key: string, entry: Entry<T>): void;
  delete(key: string): void;
  /** Makes the cache equal to `entries` in one step, then tells what that changed. */
  replace(entries: ReadonlyMap<string, Entry<T>>): void;
}

export interface StoreOptions<T> {
  readonly log: Log;
  /** Names of indexes, and the values under which each finds an object. */
  readonly indexes?: Readonly<Record<string, (object: T) => readonly string[]>>;
}

export class ObjectStore<T> implements WritableStore<T> {
  readonly #log: Log;
  readonly #indexes: ReadonlyMap<string, StoreIndex<T>>;
  readonly #listeners = new Set<(change: Change<T>) => void>();
  #entries = new Map<string, Entry<T>>();

  constructor(options: StoreOptions<T>) {
    this.#log = options.log;
    this.#indexes = new Map(Object.entries(options.indexes ?? {}).map(([name, of]) => [name, storeIndex(of)]));
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.object;
  }

  uidOf(key: string): string | undefined {
    return this.#entries.get(key)?.uid;
  }

  list(): T[] {
    return Array.from(this.#entries.values(), (entry) => entry.object);
  }

  keys(): string[] {
    return [...this.#entries.keys()];
  }

  byIndex(name: string, value: string): T[] {
    const index = this.#indexes.get(name);
    if (index === undefined) throw new RangeError(`the cache has no index "${name}"`);
    const found: T[] = [];
    for (const key of index.keys(value)) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) found.push(entry.object);
    }
    return found;
  }

  subscribe(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(key: string, entry: Entry<T>): void {
    const changes = difference(key, this.#entries.get(key), entry);
    if (changes.length > 0) this.#entries.set(key, entry);
    this.#publish(changes);
  }

  delete(key: string): void {
    const changes = difference(key, this.#entries.get(key), undefined);
    this.#entries.delete(key);
    this.#publish(changes);
  }

  replace(next: ReadonlyMap<string, Entry<T>>): void {
    const changes: Change<T>[] = [];
    for (const [key, entry] of this.#entries) if (!next.has(key)) changes.push(...difference(key, entry, undefined));
    const entries = new Map<string, Entry<T>>();
    for (const [key, entry] of next) {
      const held = this.#entries.get(key);
      const changed = difference(key, held, entry);
      // What the server has not written stays the same object, which readers may compare by identity.
      entries.set(key, held !== undefined && changed.length === 0 ? held : entry);
      changes.push(...changed);
    }
    this.#entries = entries;
    this.#publish(changes);
  }

  #publish(changes: readonly Change<T>[]): void {
    for (const index of this.#indexes.values()) for (const change of changes) reindex(index, change);
    for (const change of changes) {
      for (const listener of this.#listeners) {
        try {
          listener(change);
        } catch (error) {
          this.#log.error({ err: error, key: change.key, change: change.type }, "a listener of the cache failed");
        }
      }
    }
  }
}

function reindex<T>(index: StoreIndex<T>, change: Change<T>): void {
  if (change.type === "updated") index.remove(change.key, change.previous);
  if (change.type === "deleted") index.remove(change.key, change.object);
  else index.add(change.key, change.object);
}

/** The changes that lead from one state of an object to the next; none when the server has written nothing. */
function difference<T>(key: string, before: Entry<T> | undefined, after: Entry<T> | undefined): Change<T>[] {
  if (before !== undefined && after !== undefined && before.uid === after.uid) {
    if (before.resourceVersion === after.resourceVersion) return [];
    return [{ type: "updated", key, object: after.object, previous: before.object }];
  }
  const changes: Change<T>[] = [];
  if (before !== undefined) changes.push({ type: "deleted", key, object: before.object });
  if (after !== undefined) changes.push({ type: "added", key, object: after.object });
  return changes;
}
