/**
 * The copy that a reflector keeps: what a whole list and what one event of a watch do to the cache. Objects are
 * projected one by one; one that cannot be is reported and kept out, and the others do not notice.
 */
import type { WatchEvent } from "./client.ts";
import type { Clock } from "./clock.ts";
import { keyOf } from "./keys.ts";
import type { Log } from "./log.ts";
import type { KubeObject, Resource } from "./objects.ts";
import { ObjectStore, type Entry, type StoreOptions } from "./store.ts";

export interface MirrorOptions<Raw extends KubeObject, T> {
  readonly resource: Resource;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * What the cache keeps of an object (managedFields are gone already). Where it throws, that one object is reported,
   * kept out of the cache, and found in `rejected`.
   */
  readonly project: (object: Raw) => T;
  readonly indexes?: StoreOptions<T>["indexes"];
  /** Called after each list, event and bookmark, when `resourceVersion` and `lastHeard` may have moved. */
  readonly onProgress?: () => void;
}

export class Mirror<Raw extends KubeObject, T> {
  readonly store: ObjectStore<T>;
  readonly #options: MirrorOptions<Raw, T>;
  rejected = new Map<string, unknown>();
  /** Monotonic milliseconds of the last list, event or bookmark. */
  lastHeard: number | undefined;
  resourceVersion = "";

  constructor(options: MirrorOptions<Raw, T>) {
    this.#options = options;
    this.store = new ObjectStore({ log: options.log, ...(options.indexes ? { indexes: options.indexes } : {}) });
  }

  /** Makes the copy equal to a complete list, in one step. */
  replace(list: PendingList<T>, resourceVersion: string): void {
    this.rejected = list.rejected;
    this.resourceVersion = resourceVersion;
    this.store.replace(list.entries);
    this.#heard();
  }

  /** Takes the objects of one page into a list that is not complete yet. */
  collect(list: PendingList<T>, objects: readonly Raw[]): void {
    for (const object of objects) {
      const entry = this.#read(object, list.rejected);
      if (entry !== undefined) list.entries.set(keyOf(object), entry);
    }
  }

  apply(event: WatchEvent<Raw>): void {
    const { object, type } = event;
    const resourceVersion = object.metadata?.resourceVersion;
    if (resourceVersion !== undefined) this.resourceVersion = resourceVersion;
    if (type === "DELETED") {
      this.rejected.delete(keyOf(object));
      this.store.delete(keyOf(object));
    } else if (type !== "BOOKMARK") this.#put(object);
    this.#heard();
  }

  #put(object: Raw): void {
    const key = keyOf(object);
    this.rejected.delete(key);
    const entry = this.#read(object, this.rejected);
    // Nobody may act on an old state of an object whose new state cannot be read.
    if (entry === undefined) this.store.delete(key);
    else this.store.set(key, entry);
  }

  #read(object: Raw, rejected: Map<string, unknown>): Entry<T> | undefined {
    const { uid = "", resourceVersion = "" } = object.metadata ?? {};
    delete object.metadata?.managedFields;
    try {
      return { uid, resourceVersion, object: this.#options.project(object) };
    } catch (error) {
      const key = keyOf(object);
      rejected.set(key, error);
      const { log, resource } = this.#options;
      log.error(
        { err: error, resource: resource.plural, key },
        "an object cannot be read and is left out of the cache",
      );
      return undefined;
    }
  }

  #heard(): void {
    this.lastHeard = this.#options.clock.monotonic();
    try {
      this.#options.onProgress?.();
    } catch (error) {
      this.#options.log.error({ err: error, resource: this.#options.resource.plural }, "a listener to progress failed");
    }
  }
}

/** The pages of a list that have come so far. */
export interface PendingList<T> {
  readonly entries: Map<string, Entry<T>>;
  readonly rejected: Map<string, unknown>;
}

export function pendingList<T>(): PendingList<T> {
  return { entries: new Map(), rejected: new Map() };
}
