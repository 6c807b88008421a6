/**
 * Schemas of Kubernetes' own types, from the table that scripts/kubernetes-schemas.ts writes. They know names and
 * types of fields; which values are right is said in job.ts, pod.ts and so on. Types may contain themselves, so
 * each one's fields are made when first asked for.
 */
import table from "./kubernetes.json" with { type: "json" };
import type { Schema } from "./schema.ts";

const fieldsByType: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(Object.entries(table));
const made = new Map<string, Schema>();

/**
 * @param type name of a type in the table, such as `V1Job`
 * @throws Error when the table has no such type
 */
export function kubernetesSchema(type: string): Schema {
  const known = made.get(type);
  if (known !== undefined) return known;
  const fields = fieldsByType.get(type);
  if (fields === undefined) throw new Error(`kubernetes.json has no type ${type}`);
  let properties: ReadonlyMap<string, Schema> | undefined;
  const schema: Schema = {
    type: "object",
    native: true,
    get properties() {
      properties ??= new Map(Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)]));
      return properties;
    },
  };
  made.set(type, schema);
  return schema;
}

/** The schema that a shorthand of the table stands for: `[string]`, `{string}`, `int32`, `V1PodSpec`. */
function fieldSchema(shorthand: string): Schema {
  const inner = shorthand.slice(1, -1);
  if (shorthand.startsWith("[")) return { type: "array", items: fieldSchema(inner), native: true };
  if (shorthand.startsWith("{")) return { type: "object", values: fieldSchema(inner), native: true };
  switch (shorthand) {
    case "any":
      return { preserveUnknown: true, native: true };
    case "int-or-string":
      return { intOrString: true, native: true };
    case "quantity":
      return { intOrString: true, format: shorthand, native: true };
    case "date-time":
    case "byte":
      return { type: "string", format: shorthand, native: true };
    case "int32":
    case "int64":
      return { type: "integer", format: shorthand, native: true };
    case "string":
    case "boolean":
    case "number":
      return { type: shorthand, native: true };
    default:
      return kubernetesSchema(shorthand);
  }
}
