/**
 * Gives an object the structure of its schema: unknown fields are dropped and reported, defaults filled in, nulls
 * that mean "absent" removed. Kubernetes' own types are also checked for the types of their fields here, as the real
 * server fails to decode them; what a custom resource holds is judged later, by values.ts.
 */
import { rfc3339 } from "../../timestamp.ts";
import type { Schema } from "../kinds/schema.ts";
import { badRequest } from "../status.ts";

export interface Structured {
  /** A copy; the value that came in is not changed. */
  readonly value: unknown;
  /** Paths of fields that the schema does not have. */
  readonly unknown: readonly string[];
}

/**
 * @param value parsed JSON
 * @param kind name of the kind, for errors
 * @throws StatusError 400 when a field of one of Kubernetes' own types has the wrong type
 */
export function structure(value: unknown, schema: Schema, kind: string): Structured {
  const unknown: string[] = [];
  return { value: shape(value, schema, { path: "", unknown, kind }), unknown };
}

interface Place {
  readonly path: string;
  readonly unknown: string[];
  readonly kind: string;
}

const at = (place: Place, step: string | number): Place => ({
  ...place,
  path: typeof step === "number" ? `${place.path}[${step}]` : place.path === "" ? step : `${place.path}.${step}`,
});

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function shape(value: unknown, schema: Schema, place: Place): unknown {
  if (schema.native === true) requireType(value, schema, place);
  if (schema.format === "quantity" && typeof value === "number") return String(value);
  if (Array.isArray(value) && schema.items !== undefined) {
    const { items } = schema;
    return value.map((item, index) => shape(item, items, at(place, index)));
  }
  if (isObject(value) && schema.values !== undefined) {
    const { values } = schema;
    const kept = Object.entries(value).filter(
      ([, item]) => item !== null || values.native === true || keepsNull(values),
    );
    return Object.fromEntries(kept.map(([key, item]) => [key, shape(item, values, at(place, key))]));
  }
  return isObject(value) && schema.type === "object" ? shapeObject(value, schema, place) : value;
}

function shapeObject(value: Record<string, unknown>, schema: Schema, place: Place): Record<string, unknown> {
  const { properties = new Map<string, Schema>() } = schema;
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const property = properties.get(name);
    if (property !== undefined) {
      if (item !== null || keepsNull(property)) result[name] = shape(item, property, at(place, name));
    } else if (schema.preserveUnknown === true) result[name] = item;
    else place.unknown.push(at(place, name).path);
  }
  if (schema.native !== true) fillDefaults(result, properties, place);
  return result;
}

/** A null means "absent", but where a definition says that it is a value of its own. */
const keepsNull = (property: Schema): boolean => property.native !== true && property.nullable === true;

function fillDefaults(result: Record<string, unknown>, properties: ReadonlyMap<string, Schema>, place: Place): void {
  for (const [name, property] of properties) {
    if (property.default === undefined || Object.hasOwn(result, name)) continue;
    const value: unknown = typeof property.default === "object" ? structuredClone(property.default) : property.default;
    result[name] = shape(value, property, at(place, name));
  }
}

/** As Go's decoder fails: the first wrong field ends it. */
function requireType(value: unknown, schema: Schema, { path, kind }: Place): void {
  if (value === null || fits(value, schema)) return;
  const wanted = schema.type === "integer" ? schema.format : (schema.type ?? "integer or string");
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  throw badRequest(
    `${kind} cannot be handled as a ${kind}: json: cannot unmarshal ${found} into field ${path || kind} of type ${wanted}`,
  );
}

const base64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function fits(value: unknown, schema: Schema): boolean {
  const { type } = schema;
  if (schema.format === "quantity") return typeof value === "string" || Number.isFinite(value);
  if (schema.intOrString === true) return typeof value === "string" || Number.isInteger(value);
  if (schema.format === "byte") return typeof value === "string" && base64.test(value);
  if (schema.format === "date-time") return typeof value === "string" && rfc3339.test(value);
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value) && (schema.format !== "int32" || Math.abs(value as number) < 2 ** 31);
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    case undefined:
    default:
      return true;
  }
}
