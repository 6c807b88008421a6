/** In which form objects are answered: as they are, as a Table for kubectl, or their metadata alone. */
import type { Clock } from "../../../kube/clock.ts";
import type { KubeObject } from "../../../kube/objects.ts";
import type { Page } from "./list.ts";
import type { ResourceRequest } from "./request.ts";
import type { WatchLine } from "./watch.ts";

export interface Presentation {
  one(object: KubeObject): object;
  list(page: Page): object;
  line(line: WatchLine): object;
}

export function presentation({ kind }: ResourceRequest, _clock: Clock): Presentation {
  const { group, version } = kind.resource;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return {
    one: (object) => object,
    list: ({ items, metadata }) => ({ kind: `${kind.resource.kind}List`, apiVersion, metadata, items }),
    line: (line) => line,
  };
}
