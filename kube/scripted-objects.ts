/**
 * Test support: what a scripted server has. Objects with resource versions, a history for watches that can be
 * compacted, and lists that stay as they were while their pages are fetched.
 */
import { formatKey } from "./keys.ts";
import type { KubeObject } from "./objects.ts";

export interface HistoryEvent {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

export class ScriptedObjects {
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<(event: HistoryEvent) => void>();
  #history: HistoryEvent[] = [];
  /** The newest write; versions at or below `compacted` are forgotten. */
  version = 100;
  compacted = 0;
  #uids = 0;

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  list(): KubeObject[] {
    return structuredClone([...this.#objects.values()]);
  }

  /** Creates or changes an object as somebody else would; `extra` lands beside its metadata. */
  put(name: string, extra: object = {}): KubeObject {
    return this.write({ ...extra, metadata: { namespace: "default", name } });
  }

  /** Deletes an object as somebody else would. */
  remove(name: string): void {
    const key = formatKey({ namespace: "default", name });
    const object = this.#objects.get(key);
    if (object === undefined) throw new Error(`the test removes ${name}, which is not there`);
    this.#objects.delete(key);
    this.#tell("DELETED", key, { ...object, metadata: { ...object.metadata } });
  }

  /** Stores the object under its key, with the next version and, if it is new, a uid. */
  write(object: KubeObject): KubeObject {
    const { namespace = "default", name = "" } = object.metadata ?? {};
    const key = formatKey({ namespace, name });
    const known = this.#objects.get(key);
    const uid = known?.metadata?.uid ?? `uid-${++this.#uids}`;
    const written = { ...object, metadata: { ...object.metadata, namespace, uid } };
    this.#tell(known === undefined ? "ADDED" : "MODIFIED", key, written);
    return written;
  }

  /** Forgets the history: watches from an older version and continued lists are 410 from now on. */
  compact(): void {
    this.compacted = ++this.version;
    this.#history = [];
  }

  since(version: number): HistoryEvent[] {
    return this.#history.filter((event) => event.version > version);
  }

  subscribe(watcher: (event: HistoryEvent) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #tell(type: HistoryEvent["type"], key: string, object: KubeObject): void {
    const version = ++this.version;
    object.metadata = { ...object.metadata, resourceVersion: String(version) };
    if (type !== "DELETED") this.#objects.set(key, object);
    const event = { version, type, object };
    this.#history.push(event);
    for (const watcher of this.#watchers) watcher(event);
  }
}
