/** Tables: what `kubectl get` asks for and prints. Ages are computed here, as by the real server. */
import type { KubeObject } from "../../../kube/objects.ts";
import type { Column, Kind } from "../kinds/kind.ts";
import { humanDuration } from "../kinds/human-duration.ts";

export interface TableOptions {
  readonly kind: Kind;
  /** What of the object goes with its row: all, its metadata (the default), nothing. */
  readonly includeObject: string;
  readonly now: number;
  readonly metadata: object;
}

export function table(objects: readonly KubeObject[], options: TableOptions): object {
  const { columns } = options.kind;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: options.metadata,
    columnDefinitions: columns.map(({ name, type, format = "", description = "", priority }) => ({
      name,
      // Ages are words by now; only the columns of custom resources still say that they were dates.
      type: type === "date" && !options.kind.custom ? "string" : type,
      format,
      description,
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => cell(column, object, options.now)),
      ...included(object, options.includeObject),
    })),
  };
}

function included(object: KubeObject, word: string): object {
  if (word === "None") return {};
  return { object: word === "Object" ? object : partial(object) };
}

/** An object's metadata alone. */
export const partial = ({ metadata }: KubeObject): object => ({
  kind: "PartialObjectMetadata",
  apiVersion: "meta.k8s.io/v1",
  metadata,
});

/** null prints as `<none>`. */
function cell({ type, value }: Column, object: KubeObject, now: number): unknown {
  const content = value(object, now) ?? null;
  if (type === "date") return content === null ? "<unknown>" : age(content, now);
  return typeof content === "object" && content !== null ? JSON.stringify(content) : content;
}

function age(since: unknown, now: number): string {
  const start = Date.parse(String(since));
  return Number.isNaN(start) ? "<invalid>" : humanDuration(now - start);
}
