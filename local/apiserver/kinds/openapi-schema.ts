/**
 * From the `openAPIV3Schema` of a CRD to a Schema. A keyword that would change which objects are accepted and that
 * this server does not implement is refused when the CRD is loaded: better no cluster than one that says yes too often.
 */
import type { Rule, Schema } from "./schema.ts";

/** An OpenAPI v3 schema as it stands in a CRD. */
export interface OpenApiSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly items?: OpenApiSchema;
}

/** Keywords that say something about values alone; admission/values.ts checks them. */
const valueKeywords = [
  "enum",
  "pattern",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "required",
];
const structuralKeywords = [
  "type",
  "format",
  "title",
  "description",
  "example",
  "externalDocs",
  "properties",
  "additionalProperties",
  "items",
  "default",
  "nullable",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
  "x-kubernetes-validations",
];
const known = new Set([...valueKeywords, ...structuralKeywords]);
const types = ["object", "array", "string", "integer", "number", "boolean"] as const;

/**
 * @param path where the schema stands, for errors
 * @throws Error that names the keyword and its place, when this server does not implement it
 */
export function schemaFromOpenApi(source: OpenApiSchema, path = "openAPIV3Schema"): Schema {
  for (const keyword of Object.keys(source)) {
    if (!known.has(keyword)) throw new Error(`${path}: the keyword ${keyword} is not supported here`);
  }
  const type = types.find((name) => name === source.type);
  if (source.type !== undefined && type === undefined) throw new Error(`${path}: unknown type ${source.type}`);
  const { additionalProperties: values, items, properties } = source;
  return {
    ...(type === undefined ? {} : { type }),
    ...(source.format === undefined ? {} : { format: source.format }),
    ...(source.description === undefined ? {} : { description: source.description }),
    ...(properties === undefined ? {} : { properties: propertySchemas(properties, path) }),
    ...(typeof values === "object" ? { values: schemaFromOpenApi(values, `${path}.*`) } : {}),
    ...(items === undefined ? {} : { items: schemaFromOpenApi(items, `${path}[]`) }),
    ...("default" in source ? { default: source["default"] } : {}),
    nullable: source["nullable"] === true,
    preserveUnknown: source["x-kubernetes-preserve-unknown-fields"] === true || values === true,
    intOrString: source["x-kubernetes-int-or-string"] === true,
    ...listSchema(source, path),
    rules: (source["x-kubernetes-validations"] ?? []) as readonly Rule[],
  };
}

function propertySchemas(source: Readonly<Record<string, OpenApiSchema>>, path: string): ReadonlyMap<string, Schema> {
  const entries = Object.entries(source);
  return new Map(entries.map(([name, property]) => [name, schemaFromOpenApi(property, `${path}.${name}`)]));
}

function listSchema(source: OpenApiSchema, path: string): Pick<Schema, "listType" | "listKeys"> {
  const listType = source["x-kubernetes-list-type"];
  if (listType === undefined) return {};
  if (listType !== "map" && listType !== "set" && listType !== "atomic") {
    throw new Error(`${path}: unknown list type ${JSON.stringify(listType)}`);
  }
  return { listType, listKeys: (source["x-kubernetes-list-map-keys"] ?? []) as readonly string[] };
}
