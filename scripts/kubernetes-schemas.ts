/**
 * The content of local/apiserver/kinds/kubernetes.json: for each built-in kind that the local API server serves, the
 * fields of its types, taken from the models of @kubernetes/client-node (which were generated from Kubernetes' own
 * OpenAPI document). It changes only with that library.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const models = join(import.meta.dirname, "../node_modules/@kubernetes/client-node/dist/gen/models");

const roots = [
  "V1Pod",
  "V1Job",
  "CoreV1Event",
  "V1Lease",
  "V1Namespace",
  "V1ServiceAccount",
  "V1ConfigMap",
  "V1CustomResourceDefinition",
  "AuthenticationV1TokenRequest",
  "V1TokenReview",
  "V1SubjectAccessReview",
  "V1SelfSubjectAccessReview",
  "V1DeleteOptions",
];
/** Quantities, which are strings but may be written as numbers (`cpu: 1`). The models call them plain strings. */
const quantities = new Set(["limits", "requests", "overhead", "sizeLimit", "divisor", "allocatedResources"]);
/** Types that are free-form, or recursive: the server does not look inside. */
const opaque = new Set(["V1JSONSchemaProps", "V1ManagedFieldsEntry", "any", "object"]);

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

/** The attribute table of a model, which stands as a JSON literal in its source. */
function attributes(model: string): readonly Attribute[] {
  const source = readFileSync(join(models, `${model}.js`), "utf8");
  const literal = /attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(source)?.[1];
  if (literal === undefined) throw new Error(`${model}: no attribute table in its source`);
  return JSON.parse(literal) as Attribute[];
}

/** `string`, `[Item]`, `{Value}`, `int32`, ... or the name of another type of the table. */
function shorthand(type: string, format: string): string {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return `[${shorthand(list, format)}]`;
  const map = /^{ \[key: string\]: (.*); }$/.exec(type)?.[1];
  if (map !== undefined) return `{${shorthand(map, format)}}`;
  if (opaque.has(type)) return "any";
  if (type === "IntOrString") return "int-or-string";
  if (type === "Date" || type === "V1MicroTime") return "date-time";
  if (type === "string" && format === "byte") return format;
  if (type === "number") return format === "double" ? "number" : format || "int64";
  return type;
}

function fieldType({ baseName, type, format }: Attribute): string {
  const field = shorthand(type, format);
  return quantities.has(baseName) ? field.replace("string", "quantity") : field;
}

/** Fields by name of each type that the roots lead to, in order of their names. */
export function kubernetesSchemas(): Record<string, Record<string, string>> {
  const table: Record<string, Record<string, string>> = {};
  const queue = [...roots];
  for (let model = queue.pop(); model !== undefined; model = queue.pop()) {
    if (table[model] !== undefined) continue;
    const fields = attributes(model).map((attribute): [string, string] => [attribute.baseName, fieldType(attribute)]);
    table[model] = Object.fromEntries(fields);
    queue.push(...fields.map(([, type]) => type.replace(/[[\]{}]/g, "")).filter((type) => /^[A-Z]/.test(type)));
  }
  return Object.fromEntries(Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
