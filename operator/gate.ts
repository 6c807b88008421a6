/**
 * The operator's own creates that its cache does not show yet. Until the cache has passed them, a count of slots made
 * from it would be too low, so nothing more is admitted to their queue, and nothing else is decided about their tasks.
 *
 *     sent ──answered──> created ──seen in the cache──> (gone)
 *       └──no answer──> unknown ──created again, or read──> created or (gone)
 */
import { formatKey } from "../kube/keys.ts";

/** A Job that this operator creates. */
export interface Create {
  readonly queue: string;
  readonly taskUid: string;
  readonly namespace: string;
  readonly name: string;
}

type Pending = Create & { state: "sent" | "unknown" | "created"; resourceVersion?: string; uid?: string };

/** What the gate asks of the cache of Jobs. */
export interface JobCache {
  resourceVersionIn(namespace: string): string;
  readonly store: { uidOf(key: string): string | undefined };
}

export class Gate {
  readonly #pending = new Map<string, Pending>();
  readonly #cache: JobCache;

  constructor(cache: JobCache) {
    this.#cache = cache;
  }

  /** Before the request is sent: from here on its slot is held. */
  sent(create: Create): void {
    this.#pending.set(formatKey(create), { ...create, state: "sent" });
  }

  /** The server has the Job. */
  created(create: Create, job: { readonly uid: string; readonly resourceVersion: string }): void {
    this.#pending.set(formatKey(create), { ...create, ...job, state: "created" });
  }

  /** No answer: the server may have the Job, or get it yet. */
  unknown(create: Create): void {
    this.#pending.set(formatKey(create), { ...create, state: "unknown" });
  }

  /** The server does not have the Job, and will not. */
  refused(create: Create): void {
    this.#pending.delete(formatKey(create));
  }

  /** Whether the cache has passed every create of this queue. */
  isOpen(queue: string): boolean {
    this.#forgetSeen();
    return ![...this.#pending.values()].some((pending) => pending.queue === queue);
  }

  /** Whether a create for this task is not in the cache yet. */
  concerns(taskUid: string): boolean {
    this.#forgetSeen();
    return [...this.#pending.values()].some((pending) => pending.taskUid === taskUid);
  }

  /** Queues that wait for the cache to pass a create. */
  queues(): Set<string> {
    return new Set(Array.from(this.#pending.values(), ({ queue }) => queue));
  }

  /** Creates of this queue whose outcome is to be found out. */
  unknowns(queue: string): Create[] {
    return [...this.#pending.values()].filter((pending) => pending.queue === queue && pending.state === "unknown");
  }

  #forgetSeen(): void {
    for (const [key, pending] of this.#pending) {
      if (pending.state === "created" && this.#isSeen(key, pending)) this.#pending.delete(key);
    }
  }

  /** In the cache, or the cache is past it (it may have been deleted since). */
  #isSeen(key: string, { namespace, uid, resourceVersion = "" }: Pending): boolean {
    if (this.#cache.store.uidOf(key) === uid) return true;
    return hasPassed(this.#cache.resourceVersionIn(namespace), resourceVersion);
  }
}

/**
 * Whether a cache at version `seen` holds the write that made `written`. Versions are integers of one counter, which
 * Kubernetes documents as comparable; others only when equal.
 */
export function hasPassed(seen: string, written: string): boolean {
  const digits = /^[0-9]+$/;
  return seen === written || (digits.test(seen) && digits.test(written) && BigInt(seen) >= BigInt(written));
}
