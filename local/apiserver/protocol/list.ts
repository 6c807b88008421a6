/** Lists: all objects of a kind at one instant, whole or in pages (`limit`, `continue`), with selectors. */
import type { KubeObject } from "../../../kube/objects.ts";
import { matchesLabels, parseFieldSelector, parseLabelSelector, type Predicate } from "../selectors.ts";
import { badRequest, expired, StatusError } from "../status.ts";
import { snapshot } from "../storage/snapshot.ts";
import type { Store } from "../storage/store.ts";
import { wholeNumber, type ResourceRequest } from "./request.ts";

export interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
}

/** Where a list in pages stands: at which revision, and after which key it goes on. */
interface Position {
  readonly revision: number;
  readonly after: string;
}

/** @throws StatusError 400 for a bad parameter, 410 when the list's instant has been forgotten */
export function listPage(store: Store, request: Pick<ResourceRequest, "kind" | "namespace" | "query">): Page {
  const { kind, namespace, query } = request;
  const selected = selection(request);
  const limit = wholeNumber(query, "limit") ?? 0;
  const position = startOf(store, query);
  const items: [string, KubeObject][] = [];
  const range = { kind: kind.id, prefix: namespace === undefined ? "" : `${namespace}/` };
  let { after } = position;
  for (;;) {
    const batch = snapshot(store, { ...range, after, limit: limit === 0 ? unbounded : limit + 1 }, position.revision);
    items.push(...batch.filter(([, object]) => selected(object)));
    if (limit === 0 || batch.length <= limit || items.length > limit) break;
    after = batch.at(-1)?.[0] ?? after;
  }
  const page = limit === 0 ? items : items.slice(0, limit);
  const more = items.length > page.length;
  const last = page.at(-1)?.[0] ?? after;
  return {
    items: page.map(([, object]) => object),
    metadata: {
      resourceVersion: String(position.revision),
      ...(more ? { continue: encode({ revision: position.revision, after: last }) } : {}),
      ...(more && !hasSelector(query)
        ? { remainingItemCount: snapshot(store, { ...range, after: last, limit: unbounded }, position.revision).length }
        : {}),
    },
  };
}

const unbounded = 2 ** 40;

const hasSelector = (query: URLSearchParams): boolean =>
  (query.get("labelSelector") ?? "") !== "" || (query.get("fieldSelector") ?? "") !== "";

/** Which objects the request's selectors choose; a name in the path chooses that one. */
export function selection({ kind, name, query }: Pick<ResourceRequest, "kind" | "name" | "query">): Predicate {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  const fields = parseFieldSelector(query.get("fieldSelector") ?? "", kind);
  return (object) =>
    (name === undefined || object.metadata?.name === name) && matchesLabels(object, labels) && fields(object);
}

function startOf({ history }: Store, query: URLSearchParams): Position {
  const token = query.get("continue") ?? "";
  const version = query.get("resourceVersion") ?? "";
  if (token !== "") {
    if (version !== "" && version !== "0") {
      throw badRequest("specifying resource version is not allowed when using continue");
    }
    const position = decode(token);
    if (position.revision >= history.floor() && position.revision <= history.latest()) return position;
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
    );
  }
  const asked = revisionNumber(version);
  requireReached(asked, history.latest());
  if (query.get("resourceVersionMatch") !== "Exact") return { revision: history.latest(), after: "" };
  if (asked < history.floor()) throw expired(`The resourceVersion for the provided list is too old.`);
  return { revision: asked, after: "" };
}

/** @throws StatusError 400 when a resourceVersion is no number */
export function revisionNumber(text: string): number {
  if (text === "") return 0;
  const revision = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(revision)) return revision;
  throw badRequest(`Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`);
}

/** @throws StatusError 504 for a revision that is still to come, as from another cluster */
export function requireReached(asked: number, latest: number): void {
  if (asked <= latest) return;
  throw new StatusError({
    code: 504,
    reason: "Timeout",
    message: `Timeout: Too large resource version: ${asked}, current: ${latest}`,
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  });
}

const encode = ({ revision, after }: Position): string =>
  Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: after })).toString("base64url");

function decode(token: string): Position {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, "base64url").toString()) as { rv?: unknown; start?: unknown };
    if (typeof rv === "number" && typeof start === "string") return { revision: rv, after: start };
  } catch {
    // Not ours: refused below.
  }
  throw badRequest("continue key is not valid: it must be the one that the previous page answered");
}
