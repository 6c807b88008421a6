/**
 * From a path to what it addresses: `/api/v1/namespaces/a/pods/b/log` is the log of the pod b in a. What is not the
 * address of an object or a list is left to discovery.ts.
 */
import type { TransportRequest } from "../../../kube/transport.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Kinds } from "../kinds/kinds.ts";
import { badRequest } from "../status.ts";

/** What a path within the API addresses. */
export interface Target {
  readonly kind: Kind;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** A request for an object or a list. */
export interface ResourceRequest extends Target {
  readonly method: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

export interface Address {
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

/** @throws StatusError 400 for a path that cannot be decoded */
export function parseAddress(request: TransportRequest): Address {
  const [path = "", query = ""] = request.path.split(/\?(.*)/s);
  try {
    const segments = path
      .split("/")
      .filter((segment) => segment !== "")
      .map(decodeURIComponent);
    return { path, segments, query: new URLSearchParams(query) };
  } catch {
    throw badRequest("the path cannot be decoded");
  }
}

/** @returns undefined when the path addresses no kind that is served */
export function parseTarget(segments: readonly string[], kinds: Kinds): Target | undefined {
  const [root, ...rest] = segments;
  if (root === "api") return withinVersion("", rest, kinds);
  if (root === "apis" && rest[0] !== undefined) return withinVersion(rest[0], rest.slice(1), kinds);
  return undefined;
}

function withinVersion(group: string, [version = "", ...rest]: readonly string[], kinds: Kinds): Target | undefined {
  const find = (plural: string | undefined): Kind | undefined => kinds.find({ group, version, plural: plural ?? "" });
  const inNamespace = rest[0] === "namespaces" && rest[2] !== undefined ? find(rest[2]) : undefined;
  if (inNamespace?.resource.namespaced === true && rest.length <= 5) {
    return { kind: inNamespace, namespace: rest[1] ?? "", ...named(rest.slice(3)) };
  }
  const kind = find(rest[0]);
  if (kind === undefined || rest.length > 3) return undefined;
  // Objects of a namespaced kind are addressed within their namespace; all of them together can be listed.
  if (kind.resource.namespaced && rest.length > 1) return undefined;
  return { kind, ...named(rest.slice(1)) };
}

const named = ([name, subresource]: readonly string[]): Pick<Target, "name" | "subresource"> => ({
  ...(name === undefined ? {} : { name }),
  ...(subresource === undefined ? {} : { subresource }),
});

/** A query parameter that is a flag. */
export const flag = (query: URLSearchParams, name: string): boolean =>
  ["true", "1", ""].includes(query.get(name) ?? "false");

/** A query parameter that is a whole number, at least 0. @throws StatusError 400 */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw badRequest(`${name}: "${text}" is not a whole number`);
  return value;
}
