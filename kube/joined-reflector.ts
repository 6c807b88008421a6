/**
 * One cache made of several: a reflector for each of some namespaces, for programs that may not see the others. Each
 * stands at a version of its own, so who wants to know whether the cache has passed a write says in which namespace.
 * What holds for the whole holds for each part: it is synced when all are, and as stale as the stalest.
 */
import { parseKey } from "./keys.ts";
import type { KubeObject } from "./objects.ts";
import { startReflector, type Reflector, type ReflectorOptions } from "./reflector.ts";
import type { Change, Store } from "./store.ts";

/**
 * Starts a reflector for each of the namespaces and answers them as one; without any, one for all that there are.
 * A namespace that cannot be listed keeps the whole from being synced: half of the truth may look like the truth.
 */
export function startReflectorIn<Raw extends KubeObject, T>(
  namespaces: readonly string[],
  options: Omit<ReflectorOptions<Raw, T>, "namespace">,
): Reflector<T> {
  if (namespaces.length === 0) return startReflector(options);
  const parts = namespaces.map((namespace) => [namespace, startReflector({ ...options, namespace })] as const);
  return new JoinedReflector(new Map(parts));
}

class JoinedReflector<T> implements Reflector<T> {
  readonly store: Store<T>;
  readonly synced: Promise<void>;
  readonly stopped: Promise<void>;
  readonly #parts: ReadonlyMap<string, Reflector<T>>;

  constructor(parts: ReadonlyMap<string, Reflector<T>>) {
    this.#parts = parts;
    this.store = joinedStore(new Map(Array.from(parts, ([namespace, { store }]) => [namespace, store])));
    this.synced = Promise.all(Array.from(parts.values(), ({ synced }) => synced)).then(() => undefined);
    this.stopped = Promise.all(Array.from(parts.values(), ({ stopped }) => stopped)).then(() => undefined);
  }

  get hasSynced(): boolean {
    return this.#all.every(({ hasSynced }) => hasSynced);
  }
  get lastHeard(): number | undefined {
    const heard = this.#all.map(({ lastHeard }) => lastHeard ?? -Infinity);
    const oldest = Math.min(...heard);
    return oldest === -Infinity ? undefined : oldest;
  }
  get rejected(): ReadonlyMap<string, unknown> {
    return new Map(this.#all.flatMap(({ rejected }) => [...rejected]));
  }

  resourceVersionIn(namespace: string): string {
    return this.#parts.get(namespace)?.resourceVersionIn(namespace) ?? "";
  }

  get #all(): Reflector<T>[] {
    return [...this.#parts.values()];
  }
}

/** Keys bear the namespace, so each leads to one store; a question about all goes to each. */
function joinedStore<T>(stores: ReadonlyMap<string, Store<T>>): Store<T> {
  const all = [...stores.values()];
  const storeOf = (key: string): Store<T> | undefined => stores.get(parseKey(key).namespace ?? "");
  return {
    get size() {
      return all.reduce((sum, { size }) => sum + size, 0);
    },
    get: (key) => storeOf(key)?.get(key),
    uidOf: (key) => storeOf(key)?.uidOf(key),
    list: () => all.flatMap((store) => store.list()),
    keys: () => all.flatMap((store) => store.keys()),
    byIndex: (index, value) => all.flatMap((store) => store.byIndex(index, value)),
    subscribe(listener: (change: Change<T>) => void) {
      const ends = all.map((store) => store.subscribe(listener));
      return () => ends.forEach((end) => end());
    },
  };
}
