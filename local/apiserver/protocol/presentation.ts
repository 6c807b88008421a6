/** In which form objects are answered: as they are, as a Table for kubectl, or their metadata alone. */
import type { Clock } from "../../../kube/clock.ts";
import type { KubeObject } from "../../../kube/objects.ts";
import { apiVersionOf } from "../kinds/kind.ts";
import type { Page } from "./list.ts";
import type { ResourceRequest } from "./request.ts";
import { partial, table } from "./table.ts";
import type { WatchLine } from "./watch.ts";

export interface Presentation {
  readonly one: (object: KubeObject) => object;
  readonly list: (page: Page) => object;
  readonly line: (line: WatchLine) => object;
}

/** The form that the request's Accept header prefers. */
export function presentation({ kind, headers, query }: ResourceRequest, clock: Clock): Presentation {
  const accept = (headers["accept"] ?? "").replaceAll(" ", "");
  const preferred = accept.split(",").find((type) => type.startsWith("application/json")) ?? "";
  if (/;as=Table(;|$)/.test(preferred) && /;v=v1(;|$)/.test(preferred)) {
    const includeObject = query.get("includeObject") ?? "Metadata";
    return asTable((objects, metadata) => table(objects, { kind, includeObject, now: clock.now(), metadata }));
  }
  if (/;as=PartialObjectMetadata(List)?(;|$)/.test(preferred)) return asMetadata;
  const apiVersion = apiVersionOf(kind.resource);
  return {
    one: (object) => object,
    list: ({ items, metadata }) => ({ kind: `${kind.resource.kind}List`, apiVersion, metadata, items }),
    line: (line) => line,
  };
}

const changes = new Set(["ADDED", "MODIFIED", "DELETED"]);

function asTable(make: (objects: readonly KubeObject[], metadata: object) => object): Presentation {
  const version = (object: KubeObject): object => ({ resourceVersion: object.metadata?.resourceVersion });
  return {
    one: (object) => make([object], version(object)),
    list: ({ items, metadata }) => make(items, metadata),
    line({ type, object }) {
      if (type === "BOOKMARK") return { type, object: make([], (object as KubeObject).metadata ?? {}) };
      return { type, object: changes.has(type) ? make([object], version(object)) : object };
    },
  };
}

const asMetadata: Presentation = {
  one: partial,
  list: ({ items, metadata }) => ({
    kind: "PartialObjectMetadataList",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    items: items.map(partial),
  }),
  line: ({ type, object }) => ({ type, object: type === "ERROR" ? object : partial(object) }),
};
