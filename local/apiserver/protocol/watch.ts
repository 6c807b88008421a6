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
    ms: seconds * 1000,
    signal: request.signal,
  });
}

function withoutPaging(query: URLSearchParams): URLSearchParams {
  const copy = new URLSearchParams(query);
  for (const name of ["limit", "continue", "resourceVersion", "resourceVersionMatch"]) copy.delete(name);
  return copy;
}

/** A signal that aborts after some time, or when another one does; disposing of it ends both waits. */
function deadline(clock: Clock, { ms, signal }: { ms: number; signal: AbortSignal }): Deadline {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const cancel = clock.after(ms, abort);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      cancel();
      signal.removeEventListener("abort", abort);
    },
  };
}

interface Deadline extends Disposable {
  readonly signal: AbortSignal;
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
  /** How long it lasts, and what ends it before. */
  readonly ms: number;
  readonly signal: AbortSignal;
}

async function* follow(watch: Following): AsyncGenerator<WatchLine> {
  const { store, clock } = watch;
  using end = deadline(clock, watch);
  using reader = createReader(store, watch);
  for (const object of watch.initial) yield { type: "ADDED", object };
  let nextBookmark = clock.monotonic() + bookmarkInterval;
  while (!end.signal.aborted) {
    if (reader.position() < store.history.floor()) {
      yield { type: "ERROR", object: tooOld(reader.position(), store.history.floor()) };
      return;
    }
    for (const change of reader.read()) {
      const line = lineFor(change, watch);
      if (line !== undefined) yield line;
    }
    if (clock.monotonic() >= nextBookmark) {
      if (watch.bookmarks) yield { type: "BOOKMARK", object: bookmark(watch, reader.position()) };
      nextBookmark = clock.monotonic() + bookmarkInterval;
    }
    await reader.news(clock, { ms: nextBookmark - clock.monotonic(), end: end.signal });
  }
  if (watch.bookmarks) yield { type: "BOOKMARK", object: bookmark(watch, reader.position()) };
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

/** A place in the history of one kind. */
interface Reader extends Disposable {
  /** Every change of the kind up to this revision has been read. */
  position(): number;
  /** The next changes, at most a batch; they then count as read. */
  read(): readonly Change[];
  /** Resolves when there is more to read, when the time is up, or at the end. */
  news(clock: Clock, options: { ms: number; end: AbortSignal }): Promise<void>;
}

/**
 * A reader listens for changes of its kind. As long as there is none it is not behind, however much else is written:
 * its position then is the latest revision, and at the first change of its kind the one before that.
 */
function createReader(store: Store, { kind, position: start }: { kind: string; position: number }): Reader {
  let read = start;
  let unread = start < store.history.latest();
  let wake: (() => void) | undefined;
  const stop = store.subscribe((change) => {
    if (change.kind !== kind) return;
    if (!unread) read = change.revision - 1;
    unread = true;
    wake?.();
  });
  return {
    position: () => (unread ? read : store.history.latest()),
    read() {
      if (!unread) return [];
      const changes = store.history.changes(kind, read, batch);
      unread = changes.length === batch;
      read = changes.at(-1)?.revision ?? read;
      return changes;
    },
    async news(clock, { ms, end }) {
      if (unread || end.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const wakeUp = (): void => resolve();
      const cancel = clock.after(ms, wakeUp);
      wake = wakeUp;
      end.addEventListener("abort", wakeUp);
      await promise;
      end.removeEventListener("abort", wakeUp);
      wake = undefined;
      cancel();
    },
    [Symbol.dispose]: stop,
  };
}
