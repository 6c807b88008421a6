/**
 * A structural schema, as the server works with it: what fields an object may have, their types and defaults.
 * It is made from a CRD's OpenAPI schema (openapi-schema.ts) or from the table of Kubernetes' own types (kubernetes.ts).
 * Properties are Maps, so that a field called `constructor` is only a name.
 */
export interface Schema {
  /** Absent where anything goes. */
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly format?: string;
  readonly description?: string;
  /** Fields of an object. Read through `properties.get`; made on demand where types are recursive. */
  readonly properties?: ReadonlyMap<string, Schema>;
  /** Values of a map with free keys. */
  readonly values?: Schema;
  /** Items of a list. */
  readonly items?: Schema;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly preserveUnknown?: boolean;
  readonly intOrString?: boolean;
  /** How items of a list are told apart: by these keys (`map`), as a whole (`set`), or not at all (`atomic`). */
  readonly listType?: "map" | "set" | "atomic";
  readonly listKeys?: readonly string[];
  readonly rules?: readonly Rule[];
  /** One of Kubernetes' own types: a null is an absent field, and a wrong type cannot even be decoded (400, not 422). */
  readonly native?: boolean;
}

/** One entry of `x-kubernetes-validations`. */
export interface Rule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}
