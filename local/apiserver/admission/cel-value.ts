/**
 * A JSON value as CEL sees it, by its schema: integers are 64-bit, timestamps are times, objects have fields and maps
 * have keys. Objects become Maps, so that a field called `constructor` is only a name.
 */
import type { Schema } from "../kinds/schema.ts";

/** Objects and lists that have been converted, since rules at many levels look at the same ones; each has one schema. */
export type Known = Map<object, object>;

export function celValue(value: unknown, schema: Schema | undefined, known: Known = new Map()): unknown {
  if (typeof value === "object" && value !== null) {
    const converted = known.get(value) ?? celCollection(value, schema, known);
    known.set(value, converted);
    return converted;
  }
  if (typeof value === "number") {
    const integer = schema?.type === undefined || schema.type === "integer";
    return integer && Number.isInteger(value) ? BigInt(value) : value;
  }
  if (typeof value === "string" && (schema?.format === "date-time" || schema?.format === "date"))
    return new Date(value);
  return value;
}

function celCollection(value: object, schema: Schema | undefined, known: Known): object {
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items, known));
  const fields = Object.entries(value).map(([name, item]): [string, unknown] => {
    const property = schema?.properties?.get(name);
    return property === undefined
      ? [name, celValue(item, schema?.values, known)]
      : [celName(name), celValue(item, property, known)];
  });
  return new Map(fields);
}

/** Words of CEL that a field must escape to be named. */
const words = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return".split(" "),
);

/** Nearly all names: nothing in them needs an escape. */
const plain = /^[A-Za-z0-9]+(_[A-Za-z0-9]+)*$/;

/** The name by which a rule refers to a field, as Kubernetes escapes it: `a-b` is `a__dash__b`. */
function celName(name: string): string {
  if (plain.test(name) && !words.has(name)) return name;
  if (words.has(name)) return `__${name}__`;
  return name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
}
