/**
 * Namespaces. One that is deleted is Terminating until what is in it is gone: its spec.finalizers hold it, and
 * namespace-lifecycle.ts takes them away.
 */
import type { KubeObject } from "../../../kube/objects.ts";
import type { Behaviour } from "./kind.ts";

const lasting = new Set(["default", "kube-system", "kube-public"]);

interface Namespace extends KubeObject {
  spec?: { finalizers?: readonly string[] };
  status?: { phase?: string };
}

export const namespaceBehaviour: Behaviour = {
  nameRule: "label",
  prepare(object: Namespace, old: Namespace | undefined) {
    object.spec = old?.spec ?? { finalizers: ["kubernetes"] };
    if (old === undefined) object.status = { phase: "Active" };
    const { metadata = {} } = object;
    object.metadata = {
      ...metadata,
      labels: { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name ?? "" },
    };
  },
  prepareDelete(object: Namespace) {
    object.status = { ...object.status, phase: "Terminating" };
  },
  protects: ({ metadata }) => (lasting.has(metadata?.name ?? "") ? "this namespace may not be deleted" : undefined),
  held: ({ spec }: Namespace) => (spec?.finalizers ?? []).length > 0,
  selectable: { "status.phase": ({ status }: Namespace) => status?.phase ?? "" },
};
