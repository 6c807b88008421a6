/**
 * What the server knows about a kind of object: its names, its structure, and the rules it has beyond its schema.
 * Built-in kinds and custom resources are the same to everything else.
 */
import type { KubeObject, Resource } from "../../../kube/objects.ts";
import type { NameRule } from "../admission/object-meta.ts";
import type { Cause } from "../status.ts";
import type { OpenApiSchema } from "./openapi-schema.ts";
import type { Schema } from "./schema.ts";

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly description?: string;
  readonly format?: string;
  /** Above 0: only in wide output. */
  readonly priority: number;
  /** The cell of an object at a time (ms since 1970); undefined prints as `<none>`. Dates are printed as ages. */
  readonly value: (object: KubeObject, now: number) => unknown;
}

/** What a kind does beyond its schema. The `prepare` functions may change the object they are given, never the old one. */
export interface Behaviour {
  /** How objects may be called; default a DNS subdomain. */
  readonly nameRule?: NameRule;
  /** Fills in defaults, and what Kubernetes sets anew at each write. */
  readonly prepare?: (object: KubeObject, old: KubeObject | undefined) => void;
  readonly prepareStatus?: (object: KubeObject, old: KubeObject) => void;
  /** The object has just been marked as being deleted. */
  readonly prepareDelete?: (object: KubeObject) => void;
  /** What is wrong with it. */
  readonly validate?: (object: KubeObject, old: KubeObject | undefined) => readonly Cause[];
  /** Whether something other than finalizers and grace keeps it once it is being deleted. */
  readonly held?: (object: KubeObject) => boolean;
  /** PUT to a name that is not there creates it. */
  readonly createOnUpdate?: boolean;
  /** Whether an update must name the resourceVersion it is based on. */
  readonly versionRequired?: boolean;
  /** What a DELETE without a propagation policy does with dependents: leave them (true) or let them be collected. */
  readonly orphansByDefault?: boolean;
  /** Seconds that it lives on as "being deleted", so that its owner can end it; default none. */
  readonly grace?: (object: KubeObject, asked: number | undefined) => number;
  /** Fields, beside metadata.name and metadata.namespace, that field selectors may name. */
  readonly selectable?: Readonly<Record<string, (object: KubeObject) => string>>;
  /** Whether metadata.generation counts changes of the spec. */
  readonly generation?: boolean;
  /** Why this object may not be deleted; undefined: it may. */
  readonly protects?: (object: KubeObject) => string | undefined;
  /** Only the server itself writes it. */
  readonly readOnly?: boolean;
}

export interface Kind {
  readonly resource: Resource;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** `plural.group`, the kind's name in the store. */
  readonly id: string;
  readonly schema: Schema;
  /** For OpenAPI documents and, for custom resources, for the checks of values. */
  readonly openApi?: OpenApiSchema;
  readonly custom: boolean;
  readonly hasStatus: boolean;
  readonly columns: readonly Column[];
  readonly behaviour: Behaviour;
}

export const kindId = ({ plural, group }: { plural: string; group: string }): string =>
  group === "" ? plural : `${plural}.${group}`;

/** `group/version`, or the version alone for core kinds. */
export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === "" ? version : `${group}/${version}`;
