/**
 * The values of a custom resource, by ajv: types, bounds, patterns, enums, required fields. What ajv says is put into
 * the words of the real API server, with the paths that it uses.
 */
import { Ajv, type ErrorObject } from "ajv";
import type { KubeObject } from "../../../kube/objects.ts";
import { rfc3339 } from "../../timestamp.ts";
import type { Kind } from "../kinds/kind.ts";
import type { OpenApiSchema } from "../kinds/openapi-schema.ts";
import { duplicateCauses } from "./list-keys.ts";
import { invalidValue, notSupported, required, type Cause } from "../status.ts";

/** @returns what is wrong with the values of an object */
export function compileValues({
  openApi,
  schema,
}: Pick<Kind, "openApi" | "schema">): (object: KubeObject) => readonly Cause[] {
  if (openApi === undefined) return () => [];
  // It is compiled at each start, and judges few objects: neither checked by a schema of its own nor optimized.
  const quick = { meta: false, validateSchema: false, code: { optimize: false } } as const;
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, formats, ...quick });
  const validate = ajv.compile(jsonSchema({ ...openApi, properties: { ...openApi.properties, metadata: {} } }));
  return (object) => {
    const errors = validate(object) ? [] : (validate.errors ?? []);
    return [...errors.map(cause), ...duplicateCauses(object, schema)];
  };
}

const within = (bits: number) => (value: number) => value >= -(2 ** (bits - 1)) && value <= 2 ** (bits - 1) - 1;
/** The formats that Kubernetes checks and our resources use; others are remarks to the reader, as they are there. */
const formats = {
  "date-time": (text: string) => rfc3339.test(text) && !Number.isNaN(Date.parse(text)),
  date: (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  byte: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  int32: { type: "number" as const, validate: within(32) },
  int64: { type: "number" as const, validate: within(64) },
};

const copied = ["enum", "pattern", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

/** The same constraints as a JSON Schema: OpenAPI 3.0 says `nullable` and has boolean exclusive bounds. */
function jsonSchema(source: OpenApiSchema): object {
  const { properties, additionalProperties: values, items, nullable } = source;
  const result: Record<string, unknown> = bounds(source);
  for (const keyword of [...copied, "required", "multipleOf", "uniqueItems"]) {
    if (source[keyword] !== undefined) result[keyword] = source[keyword];
  }
  const type = source["x-kubernetes-int-or-string"] === true ? ["integer", "string"] : source.type;
  if (type !== undefined) result["type"] = nullable === true ? [type, "null"].flat() : type;
  if (nullable === true && Array.isArray(source["enum"])) result["enum"] = [...(source["enum"] as unknown[]), null];
  if (source.format !== undefined && source.format in formats) result["format"] = source.format;
  if (properties !== undefined) {
    result["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, jsonSchema(property)]),
    );
  }
  if (typeof values === "object") result["additionalProperties"] = jsonSchema(values);
  if (items !== undefined) result["items"] = jsonSchema(items);
  return result;
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: OpenApiSchema): Record<string, unknown> {
  return {
    ...(minimum === undefined ? {} : { [exclusiveMinimum === true ? "exclusiveMinimum" : "minimum"]: minimum }),
    ...(maximum === undefined ? {} : { [exclusiveMaximum === true ? "exclusiveMaximum" : "maximum"]: maximum }),
  };
}

/** `/spec/rows/0/name` as `spec.rows[0].name`. */
function fieldPath(pointer: string): string {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

/** One of ajv's errors in Kubernetes' words. */
function cause({ instancePath, keyword, params, data }: ErrorObject): Cause {
  const field = fieldPath(instancePath);
  const { limit } = params as { limit?: number };
  const say = (text: string): Cause => invalidValue(field, data, `${field} in body ${text}`);
  const exceeds = (reason: string, message: string): Cause => ({ field, reason, message });
  switch (keyword) {
    case "required": {
      const name = String((params as { missingProperty: string }).missingProperty);
      return required(field === "" ? name : `${field}.${name}`);
    }
    case "enum":
      return notSupported(field, data, (params as { allowedValues: readonly unknown[] }).allowedValues);
    case "type": {
      const { type } = params as { type: string | string[] };
      const wanted = [type].flat().find((name) => name !== "null");
      const found = data === null ? "null" : Array.isArray(data) ? "array" : typeof data;
      const why = `${field} in body must be of type ${wanted}: ${JSON.stringify(found)}`;
      return { ...invalidValue(field, found, why), reason: "FieldValueTypeInvalid" };
    }
    case "format": {
      const why = `${field} in body must be of type ${String((params as { format: string }).format)}: ${JSON.stringify(data)}`;
      return { ...invalidValue(field, data, why), reason: "FieldValueTypeInvalid" };
    }
    case "maxLength":
      return exceeds("FieldValueTooLong", `Too long: may not be more than ${limit} bytes`);
    case "maxItems":
      return exceeds("FieldValueTooMany", `Too many: ${(data as unknown[]).length}: must have at most ${limit} items`);
    case "maxProperties":
      return exceeds(
        "FieldValueTooMany",
        `Too many: ${Object.keys(data as object).length}: must have at most ${limit} items`,
      );
    default:
      return say(bodySentence(keyword, params as Record<string, unknown>));
  }
}

function bodySentence(keyword: string, params: Record<string, unknown>): string {
  switch (keyword) {
    case "minLength":
      return `should be at least ${String(params["limit"])} chars long`;
    case "minItems":
      return `should have at least ${String(params["limit"])} items`;
    case "minProperties":
      return `should have at least ${String(params["limit"])} properties`;
    case "pattern":
      return `should match '${String(params["pattern"])}'`;
    case "minimum":
      return `should be greater than or equal to ${String(params["limit"])}`;
    case "maximum":
      return `should be less than or equal to ${String(params["limit"])}`;
    case "exclusiveMinimum":
      return `should be greater than ${String(params["limit"])}`;
    case "exclusiveMaximum":
      return `should be less than ${String(params["limit"])}`;
    case "multipleOf":
      return `should be a multiple of ${String(params["multipleOf"])}`;
    default:
      return `is not valid: ${keyword}`;
  }
}
