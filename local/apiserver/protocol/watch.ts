/**
 * Watches. A watch is a place in the history and nothing more: it reads on from there whenever something has been
 * written, as fast as its reader takes it. A slow reader costs no memory; one that falls behind the history's floor
 * is told so (410) and lists again.
 */
import type { Clock } from "../../../kube/clock.ts";
import type { KubeObject } from "../../../kube/objects.ts";
import { apiVersionOf } from "../kinds/kind.ts";
import type { Predicate } from "../selectors.ts";
import { expired, invalid, type Status } from "../status.ts";
import type { Change } from "../storage/history.ts";
import type { Store } from "../storage/store.ts";
import { listPage, requireReached, revisionNumber, selection } from "./list.ts";
import { flag, wholeNumber, type ResourceRequest } from "./request.ts";

export interface WatchLine {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: object;
}

/** Milliseconds between bookmarks, which tell a quiet watch how far the world is. */
const bookmarkInterval = 60_000;
/** Seconds until a watch that names no timeout ends: between this and twice this, as in Kubernetes. */
const shortestTimeout = 1800;

/**
 * @returns the lines of the watch, until its time is up or the request's signal aborts
 * @throws StatusError, before the first line, for bad parameters
 */
export function watchLines(
  { store, clock }: { store: Store; clock: Clock },
  request: ResourceRequest,
): AsyncGenerator<WatchLine> {
  const { query, kind } = request;
  if (query.has("sendInitialEvents")) {
    throw invalid({ group: "meta.k8s.io", plural: "", kind: "ListOptions", name: "" }, [
      {
        field: "sendInitialEvents",
        reason: "FieldValueForbidden",
        message: "Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled",
      },
    ]);
  }
  const version = query.get("resourceVersion") ?? "";
  const from = revisionNumber(version);
  requireReached(from, store.history.latest());
  const seconds = wholeNumber(query, "timeoutSeconds") || shortestTimeout * (1 + clock.random());
  return follow({
    store,
    clock,
    kind: kind.id,
    prefix: request.namespace === undefined ? "" : `${request.namespace}/`,
    selected: selection(request),
    initial: from === 0 ? listPage(store, { ...request, query: withoutPaging(query) }).items : [],
    position: from === 0 ? store.history.latest() : from,
    bookmarks: flag(query, "allowWatchBookmarks"),
    bookmarkObject: { kind: kind.resource.kind, apiVersion: apiVersionOf(kind.resource) },
    end: AbortSignal.any([request.signal, timeout(clock, seconds * 1000)]),
  });
}

function withoutPaging(query: URLSearchParams): URLSearchParams {
  const copy = new URLSearchParams(query);
  for (const name of ["limit", "continue", "resourceVersion", "resourceVersionMatch"]) copy.delete(name);
  return copy;
}

function timeout(clock: Clock, ms: number): AbortSignal {
  const controller = new AbortController();
  clock.after(ms, () => controller.abort());
  return controller.signal;
}

interface Following {
  readonly store: Store;
  readonly clock: Clock;
  readonly kind: string;
  readonly prefix: string;
  readonly selected: Predicate;
  readonly initial: readonly KubeObject[];
  readonly position: number;
  readonly bookmarks: boolean;
  readonly bookmarkObject: object;
  readonly end: AbortSignal;
}

async function* follow(watch: Following): AsyncGenerator<WatchLine> {
  const { store, clock, end } = watch;
  const bell = createBell(store, watch.kind);
  try {
    for (const object of watch.initial) yield { type: "ADDED", object };
    let { position } = watch;
    let nextBookmark = clock.monotonic() + bookmarkInterval;
    while (!end.aborted) {
      if (bell.hasRung() && position < store.history.floor()) {
        yield { type: "ERROR", object: tooOld(position, store.history.floor()) };
        return;
      }
      const { latest, changes } = bell.read(position);
      for (const change of changes) {
        position = change.revision;
        const line = lineFor(change, watch);
        if (line !== undefined) yield line;
      }
      if (changes.length === batch || bell.hasRung()) continue;
      position = latest;
      if (watch.bookmarks && clock.monotonic() >= nextBookmark) {
        yield { type: "BOOKMARK", object: bookmark(watch, position) };
        nextBookmark = clock.monotonic() + bookmarkInterval;
      }
      await bell.wait(clock, { ms: nextBookmark - clock.monotonic(), end });
    }
    if (watch.bookmarks) yield { type: "BOOKMARK", object: bookmark(watch, position) };
  } finally {
    bell.stop();
  }
}

const bookmark = ({ bookmarkObject }: Following, position: number): object => ({
  ...bookmarkObject,
  metadata: { resourceVersion: String(position), creationTimestamp: null },
});

const tooOld = (position: number, floor: number): Status =>
  expired(`too old resource version: ${position} (${floor})`).status;

/** A change as this watch sees it: an object that enters the selection is ADDED, one that leaves it DELETED. */
function lineFor({ type, key, object, previous }: Change, { prefix, selected }: Following): WatchLine | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const was = previous !== undefined && selected(previous);
  const is = type !== "DELETED" && selected(object);
  if (is) return { type: was ? "MODIFIED" : "ADDED", object };
  if (!was) return undefined;
  const { resourceVersion } = object.metadata ?? {};
  const last = type === "DELETED" ? object : { ...previous, metadata: { ...previous.metadata, resourceVersion } };
  return { type: "DELETED", object: last };
}

/** Changes that are read from the history at once. */
const batch = 100;

interface Bell {
  /** Whether there may be changes that have not been read. */
  hasRung(): boolean;
  /** The next changes of the kind, and the revision up to which that is all when they are fewer than a batch. */
  read(position: number): { latest: number; changes: readonly Change[] };
  /** Resolves when it rings, when the time is up, or at the end. */
  wait(clock: Clock, options: { ms: number; end: AbortSignal }): Promise<void>;
  stop(): void;
}

/** Rings for each change of a kind. While it has not rung, nothing of that kind was missed, however old the place. */
function createBell(store: Store, kind: string): Bell {
  let rung = true;
  let wake: (() => void) | undefined;
  const unsubscribe = store.subscribe((change) => {
    if (change.kind !== kind) return;
    rung = true;
    wake?.();
  });
  return {
    hasRung: () => rung,
    read(position) {
      const latest = store.history.latest();
      const changes = rung ? store.history.changes(kind, position, batch) : [];
      rung = changes.length === batch;
      return { latest, changes };
    },
    async wait(clock, { ms, end }) {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (rung || end.aborted) return;
      const cancel = clock.after(Math.max(0, ms), resolve);
      wake = resolve;
      end.addEventListener("abort", () => resolve(), { once: true });
      await promise;
      wake = undefined;
      cancel();
    },
    stop: unsubscribe,
  };
}
