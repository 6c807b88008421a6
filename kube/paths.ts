/**
 * Where an API server keeps things: the URL path of a kind, an object and a subresource, and query strings.
 * A name that would change the path's meaning is refused here: without a name, a DELETE would empty a namespace.
 */
import type { ListOptions, LogOptions, WatchOptions } from "./client.ts";
import { pods, type ObjectKey, type Resource } from "./objects.ts";

/** Path of all objects of a kind, in one namespace or (absent) in all of them. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const root = resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  if (!resource.namespaced || namespace === undefined) return `${root}/${resource.plural}`;
  return `${root}/namespaces/${segment(namespace, "namespace")}/${resource.plural}`;
}

/**
 * Path of one object, or of its subresource.
 * @throws TypeError for an empty or impossible name, and where the kind needs a namespace
 */
export function objectPath(resource: Resource, key: ObjectKey, subresource?: string): string {
  if (resource.namespaced && key.namespace === undefined) {
    throw new TypeError(`${resource.kind} ${key.name}: a namespace is needed`);
  }
  const path = `${collectionPath(resource, key.namespace)}/${segment(key.name, "name")}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** Path and query of one page of a list. */
export function listPath(resource: Resource, list: ListOptions): string {
  const { labelSelector, fieldSelector, limit, resourceVersion } = list;
  const query = { labelSelector, fieldSelector, limit, continue: list.continue, resourceVersion };
  return collectionPath(resource, list.namespace) + queryString(query);
}

/** Path and query of a watch. */
export function watchPath(resource: Resource, watch: WatchOptions): string {
  const { labelSelector, fieldSelector, resourceVersion, timeoutSeconds } = watch;
  const query = { watch: 1, allowWatchBookmarks: true, labelSelector, fieldSelector, resourceVersion, timeoutSeconds };
  return collectionPath(resource, watch.namespace) + queryString(query);
}

/** Path and query of a pod's log. */
export function logPath(pod: ObjectKey, logs: LogOptions): string {
  const { container, follow, tailLines, limitBytes, previous } = logs;
  return objectPath(pods, pod, "log") + queryString({ container, follow, tailLines, limitBytes, previous });
}

/** `?a=1&b=2`, without the parameters that are undefined; "" when none is left. */
export function queryString(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  let query = "";
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query += `${query === "" ? "?" : "&"}${name}=${encodeURIComponent(value)}`;
  }
  return query;
}

function segment(text: string, what: string): string {
  if (text === "" || text === "." || text === "..") throw new TypeError(`"${text}" is not a ${what}`);
  return encodeURIComponent(text);
}
