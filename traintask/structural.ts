/**
 * From a Zod schema to the structural schema of a CustomResourceDefinition: no unions, no `additionalProperties`
 * beside `properties`, no key patterns (rules.ts bounds keys), a format for every integer. What cannot be said
 * structurally is an error of the generator, never dropped in silence.
 */
import * as z from "zod";
import type { Rule } from "./rule.ts";

/** One node of a structural schema, as it stands in the CRD. */
export interface Structural {
  type?: string;
  format?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  minItems?: number;
  maxProperties?: number;
  required?: string[];
  properties?: Record<string, Structural>;
  items?: Structural;
  additionalProperties?: Structural;
  "x-kubernetes-preserve-unknown-fields"?: true;
  "x-kubernetes-list-type"?: "map" | "set" | "atomic";
  "x-kubernetes-list-map-keys"?: string[];
  "x-kubernetes-validations"?: { rule: string; message: string; fieldPath?: string; reason?: string }[];
}

const kept = new Set([
  "type",
  "format",
  "description",
  "default",
  "enum",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "maxItems",
  "minItems",
  "maxProperties",
  "required",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
]);

/** @throws Error that names the path of what has no structural form */
export function structural(schema: z.ZodType): Structural {
  return convert(z.toJSONSchema(schema, { io: "input" }), "");
}

type JsonSchema = { [keyword: string]: unknown };

function convert(schema: JsonSchema, path: string): Structural {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === "$schema" || keyword === "propertyNames") continue;
    if (keyword === "properties") result.properties = convertEach(value as Record<string, JsonSchema>, path);
    else if (keyword === "items") result.items = convert(value as JsonSchema, `${path}[]`);
    else if (keyword === "additionalProperties") {
      if (!("properties" in schema)) result.additionalProperties = convert(value as JsonSchema, `${path}.*`);
    } else if (kept.has(keyword)) result[keyword] = value;
    else throw new Error(`${path}: ${keyword} has no place in a structural schema`);
  }
  if (typeof result.type !== "string") throw new Error(`${path}: a structural schema has one type`);
  if (result.type === "number") throw new Error(`${path}: number: a fraction is a string with a pattern`);
  if (result.type === "integer") result.format = (result.maximum as number) > 2 ** 31 - 1 ? "int64" : "int32";
  return result;
}

function convertEach(properties: Record<string, JsonSchema>, path: string): Record<string, Structural> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, convert(schema, path === "" ? name : `${path}.${name}`)]),
  );
}

/**
 * Writes each rule into the node that it names.
 * @throws Error when a rule names a field that does not exist
 */
export function addRules(schema: Structural, rules: readonly Rule[]): void {
  for (const { at, rule, message, fieldPath, reason } of rules) {
    const node = at === "" ? schema : at.split(".").reduce((parent, name) => child(parent, name, at), schema);
    (node["x-kubernetes-validations"] ??= []).push({
      rule,
      message,
      ...(fieldPath === undefined ? {} : { fieldPath }),
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

function child(parent: Structural, name: string, path: string): Structural {
  const node = name === "[]" ? parent.items : parent.properties?.[name];
  if (node === undefined) throw new Error(`a rule stands at ${path}, but there is no ${name}`);
  return node;
}
