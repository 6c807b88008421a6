/**
 * Keeps a cache equal to what the API server has of one kind. An explicit state machine that never stops by itself:
 *
 *     listing ──> watching ──> gone ──> listing
 *       ^ │         ^ │
 *       └─┘         └─┘    after every failure: wait (jittered, doubling, Retry-After), then go on
 *
 * The cache serves readers in every state; a new list is swapped in whole when its last page is there.
 */
import { backOffDelay } from "./back-off.ts";
import type { KubeClient } from "./client.ts";
import { GoneError } from "./errors.ts";
import { Mirror, pendingList, type MirrorOptions } from "./mirror.ts";
import type { KubeObject } from "./objects.ts";
import type { Store } from "./store.ts";
import { followWatch, SilentWatchError } from "./watch-session.ts";

export interface ReflectorOptions<Raw extends KubeObject, T> extends MirrorOptions<Raw, T> {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
  /** Absent: all namespaces, all objects. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects in a page of a list. Default 500. */
  readonly pageSize?: number;
  /** A watch that says nothing for so long is dead; servers send a bookmark a minute. Default 75,000. */
  readonly deadAfterMs?: number;
}

export interface Reflector<T> {
  readonly store: Store<T>;
  /** Whether the cache holds a complete list. Once true it stays true, also while the list is made anew. */
  readonly hasSynced: boolean;
  /** Resolves after the first complete list, or when stopped before it (look at `hasSynced`). */
  readonly synced: Promise<void>;
  /** Monotonic milliseconds of the last list, event or bookmark: the cache is no older than that. */
  readonly lastHeard: number | undefined;
  /** The cache holds all writes to this namespace up to this one; "" before the first list. */
  resourceVersionIn(namespace: string): string;
  /** Keys of objects that could not be projected, and why. */
  readonly rejected: ReadonlyMap<string, unknown>;
  /** Resolves when the signal has aborted and nothing runs any more. Never rejects. */
  readonly stopped: Promise<void>;
}

type State =
  | { readonly name: "listing"; readonly paged: boolean }
  | { readonly name: "watching" }
  | { readonly name: "gone" };

const backOff = { baseMs: 500, maxMs: 30_000 };
/** A watch that stood so long was healthy: what breaks it is a new trouble, not the old one. */
const healthyAfterMs = 30_000;
/** So many failures in a row make the place to go on from suspect: list again. */
const failuresBeforeListing = 5;
/** Servers end watches in good order after 4 to 8 minutes, each at another time. */
const watchSeconds = { least: 240, spread: 240 };

export function startReflector<Raw extends KubeObject, T>(options: ReflectorOptions<Raw, T>): Reflector<T> {
  return new ReflectorLoop(options);
}

class ReflectorLoop<Raw extends KubeObject, T> implements Reflector<T> {
  readonly synced: Promise<void>;
  readonly stopped: Promise<void>;
  readonly #options: ReflectorOptions<Raw, T>;
  readonly #mirror: Mirror<Raw, T>;
  #becomeSynced: () => void = () => undefined;
  #hasSynced = false;
  #failures = 0;

  constructor(options: ReflectorOptions<Raw, T>) {
    this.#options = options;
    this.#mirror = new Mirror(options);
    this.synced = new Promise((resolve) => {
      this.#becomeSynced = resolve;
    });
    this.stopped = this.#run();
  }

  get store(): Store<T> {
    return this.#mirror.store;
  }
  get hasSynced(): boolean {
    return this.#hasSynced;
  }
  get lastHeard(): number | undefined {
    return this.#mirror.lastHeard;
  }
  get rejected(): ReadonlyMap<string, unknown> {
    return this.#mirror.rejected;
  }

  /** One list and one watch are for all namespaces alike. */
  resourceVersionIn(): string {
    return this.#mirror.resourceVersion;
  }

  async #run(): Promise<void> {
    const { signal, clock } = this.#options;
    let state: State = { name: "listing", paged: true };
    while (!signal.aborted) {
      const began = clock.monotonic();
      try {
        const next = await this.#step(state);
        if (state.name === "watching" && clock.monotonic() - began >= healthyAfterMs) this.#failures = 0;
        state = next;
      } catch (error) {
        if (!signal.aborted) state = await this.#recover(state, { error, began });
      }
    }
    this.#becomeSynced();
  }

  async #step(state: State): Promise<State> {
    switch (state.name) {
      case "listing":
        await this.#list(state.paged);
        return { name: "watching" };
      case "watching":
        await this.#watch();
        return state;
      case "gone":
        return { name: "listing", paged: true };
    }
  }

  async #list(paged: boolean): Promise<void> {
    const { client, resource, signal, pageSize = 500 } = this.#options;
    const list = pendingList<T>();
    let resourceVersion: string | undefined;
    let next: string | undefined;
    do {
      const page = await client.list<Raw>(resource, {
        ...this.#selection(),
        ...(paged ? { limit: pageSize } : {}),
        ...(next === undefined ? {} : { continue: next }),
        signal,
      });
      // All pages show one moment, the first one's; servers in Go may write an empty list as null.
      resourceVersion ??= page.metadata.resourceVersion;
      this.#mirror.collect(list, page.items ?? []);
      next = page.metadata.continue === "" ? undefined : page.metadata.continue;
    } while (next !== undefined && !signal.aborted);
    if (signal.aborted) return;
    this.#hasSynced = true;
    this.#mirror.replace(list, resourceVersion);
    this.#becomeSynced();
  }

  async #watch(): Promise<void> {
    const { client, clock, resource, signal, deadAfterMs = 75_000 } = this.#options;
    await followWatch<Raw>({
      client,
      resource,
      clock,
      deadAfterMs,
      watch: {
        ...this.#selection(),
        resourceVersion: this.#mirror.resourceVersion,
        timeoutSeconds: watchSeconds.least + Math.floor(watchSeconds.spread * clock.random()),
        signal,
      },
      onEvent: (event) => this.#mirror.apply(event),
    });
  }

  /** Waits as long as the failure asks for, and answers where to go on. */
  async #recover(state: State, failed: { error: unknown; began: number }): Promise<State> {
    const { clock, log, resource, namespace, signal } = this.#options;
    const { error, began } = failed;
    const stood = clock.monotonic() - began;
    const healthy = state.name === "watching" && stood >= healthyAfterMs && !(error instanceof SilentWatchError);
    this.#failures = healthy ? 1 : this.#failures + 1;
    const retryAfterMs = backOffDelay({ failures: this.#failures, error }, backOff, clock.random());
    const what = { resource: resource.plural, ...(namespace === undefined ? {} : { namespace }) };
    const fields = { ...what, while: state.name, failures: this.#failures, retryAfterMs, err: error };
    if (error instanceof GoneError) log.info(fields, "the server has forgotten where the cache stands");
    else log.error(fields, "the cache lost the server");
    await clock.sleep(retryAfterMs, signal);
    return this.#stateAfter(state, error);
  }

  #stateAfter(state: State, error: unknown): State {
    // A list whose pages expire before it is through would never end: the next one comes in one piece.
    if (state.name === "listing") return { name: "listing", paged: !(error instanceof GoneError) };
    const lost = error instanceof GoneError || this.#failures >= failuresBeforeListing;
    return lost ? { name: "gone" } : state;
  }

  #selection(): { namespace?: string; labelSelector?: string; fieldSelector?: string } {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    return {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
  }
}
