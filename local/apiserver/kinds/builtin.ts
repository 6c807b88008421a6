/** The kinds of Kubernetes itself that this server has: enough for Jobs, and for kubectl to look at them. */
import { configMapBehaviour } from "./config-map.ts";
import { eventBehaviour } from "./event.ts";
import { jobBehaviour } from "./job.ts";
import { kindId, type Behaviour, type Kind } from "./kind.ts";
import { kubernetesSchema } from "./kubernetes.ts";
import { leaseBehaviour } from "./lease.ts";
import { namespaceBehaviour } from "./namespace.ts";
import { podBehaviour } from "./pod.ts";
import * as columns from "./columns.ts";

interface Outline {
  readonly group?: string;
  readonly kind: string;
  readonly plural: string;
  readonly type: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly clusterScoped?: true;
  readonly columns: Kind["columns"];
  readonly behaviour?: Behaviour;
}

const outlines: readonly Outline[] = [
  {
    kind: "Namespace",
    plural: "namespaces",
    type: "V1Namespace",
    shortNames: ["ns"],
    clusterScoped: true,
    columns: columns.namespace,
    behaviour: namespaceBehaviour,
  },
  {
    kind: "Pod",
    plural: "pods",
    type: "V1Pod",
    shortNames: ["po"],
    categories: ["all"],
    columns: columns.pod,
    behaviour: podBehaviour,
  },
  {
    group: "batch",
    kind: "Job",
    plural: "jobs",
    type: "V1Job",
    categories: ["all"],
    columns: columns.job,
    behaviour: jobBehaviour,
  },
  {
    kind: "Event",
    plural: "events",
    type: "CoreV1Event",
    shortNames: ["ev"],
    columns: columns.event,
    behaviour: eventBehaviour,
  },
  {
    group: "coordination.k8s.io",
    kind: "Lease",
    plural: "leases",
    type: "V1Lease",
    columns: columns.lease,
    behaviour: leaseBehaviour,
  },
  {
    kind: "ServiceAccount",
    plural: "serviceaccounts",
    type: "V1ServiceAccount",
    shortNames: ["sa"],
    columns: columns.plain,
  },
  {
    kind: "ConfigMap",
    plural: "configmaps",
    type: "V1ConfigMap",
    shortNames: ["cm"],
    columns: columns.configMap,
    behaviour: configMapBehaviour,
  },
  {
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    type: "V1CustomResourceDefinition",
    shortNames: ["crd", "crds"],
    clusterScoped: true,
    columns: columns.plain,
    behaviour: { readOnly: true },
  },
];

/** A custom resource definition keeps its status when it is stored: only the server writes it. */
const withStatus = (schema: { properties?: ReadonlyMap<string, unknown> }, readOnly: boolean): boolean =>
  !readOnly && schema.properties?.has("status") === true;

export const builtinKinds: readonly Kind[] = outlines.map((outline) => {
  const { group = "", kind, plural, shortNames = [], categories = [], behaviour = {} } = outline;
  const resource = { group, version: "v1", plural, kind, namespaced: outline.clusterScoped !== true };
  const schema = kubernetesSchema(outline.type);
  return {
    resource,
    singular: kind.toLowerCase(),
    shortNames,
    categories,
    id: kindId(resource),
    schema,
    custom: false,
    hasStatus: withStatus(schema, behaviour.readOnly === true),
    columns: outline.columns,
    behaviour,
  };
});

/** The namespaces that every cluster has. */
export const initialNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"] as const;
