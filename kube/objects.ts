/**
 * Kubernetes objects as they stand on the wire: the types of @kubernetes/client-node with timestamps as the strings
 * they are, so that nothing is converted and no field that the library does not know is lost.
 */
import type {
  CoreV1Event,
  V1Container,
  V1CustomResourceDefinition,
  V1Job,
  V1JobSpec,
  V1JobStatus,
  V1Lease,
  V1ObjectMeta,
  V1OwnerReference,
  V1Pod,
  V1PodSpec,
  V1PodTemplateSpec,
} from "@kubernetes/client-node";

/** T with every Date as its RFC 3339 string, all the way down. */
export type Wire<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

export type ObjectMeta = Wire<V1ObjectMeta>;
export type OwnerReference = Wire<V1OwnerReference>;
export type Job = Wire<V1Job>;
export type JobSpec = Wire<V1JobSpec>;
export type JobStatus = Wire<V1JobStatus>;
export type Pod = Wire<V1Pod>;
export type PodSpec = Wire<V1PodSpec>;
export type PodTemplate = Wire<V1PodTemplateSpec>;
export type Container = Wire<V1Container>;
export type Lease = Wire<V1Lease>;
export type CustomResourceDefinition = Wire<V1CustomResourceDefinition>;
export type Event = Wire<CoreV1Event>;

/** What every object has. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

/** A kind of object, as the API server addresses it. Core kinds have the empty group. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export const jobs = { group: "batch", version: "v1", plural: "jobs", kind: "Job", namespaced: true } as const;
export const pods = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true } as const;
export const events = { group: "", version: "v1", plural: "events", kind: "Event", namespaced: true } as const;
export const namespaces = {
  group: "",
  version: "v1",
  plural: "namespaces",
  kind: "Namespace",
  namespaced: false,
} as const;
export const leases = {
  group: "coordination.k8s.io",
  version: "v1",
  plural: "leases",
  kind: "Lease",
  namespaced: true,
} as const;

/** Name and, for namespaced kinds, namespace. */
export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

export interface KubeList<T> {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: T[];
}
