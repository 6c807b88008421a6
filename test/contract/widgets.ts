/** The custom resource of the suite (widgets.yaml), and builders of its objects. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject, ObjectMeta, Resource } from "../../kube/objects.ts";

export const widgetDefinition = readFileSync(join(import.meta.dirname, "widgets.yaml"), "utf8");

export const widgets = {
  group: "contract.traintask.dev",
  version: "v1",
  plural: "widgets",
  kind: "Widget",
  namespaced: true,
} as const satisfies Resource;

export interface Widget extends KubeObject {
  metadata: ObjectMeta;
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** A valid widget called "a". */
export function aWidget(
  namespace: string,
  { name = "a", spec = {}, ...metadata }: ObjectMeta & { spec?: Record<string, unknown> } = {},
): Widget {
  return {
    apiVersion: "contract.traintask.dev/v1",
    kind: "Widget",
    metadata: { name, namespace, ...metadata },
    spec: { size: 2, ...spec },
  };
}

export const widgetsPath = (namespace: string): string =>
  `/apis/contract.traintask.dev/v1/namespaces/${namespace}/widgets`;
export const widgetPath = (namespace: string, name = "a"): string => `${widgetsPath(namespace)}/${name}`;
