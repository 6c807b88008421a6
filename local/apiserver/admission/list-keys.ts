/** Lists that are sets or maps: no two items may be the same, or have the same keys. */
import { duplicateValue, type Cause } from "../status.ts";
import type { Schema } from "../kinds/schema.ts";
import { isObject } from "./structure.ts";

/** @returns one cause for each item that repeats an earlier one */
export function duplicateCauses(value: unknown, schema: Schema, path = ""): Cause[] {
  if (!hasKeyedList(schema)) return [];
  if (Array.isArray(value) && schema.items !== undefined) {
    const { items } = schema;
    return [
      ...repeated(value, schema, path),
      ...value.flatMap((item, index) => duplicateCauses(item, items, `${path}[${index}]`)),
    ];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const property = schema.properties?.get(name) ?? schema.values;
    return property === undefined ? [] : duplicateCauses(item, property, path === "" ? name : `${path}.${name}`);
  });
}

const keyedLists = new WeakMap<Schema, boolean>();

/** Whether there is such a list at or below a schema; most long lists have none below them. */
function hasKeyedList(schema: Schema): boolean {
  const known = keyedLists.get(schema);
  if (known !== undefined) return known;
  const below = [...(schema.properties?.values() ?? []), schema.values, schema.items];
  const answer = isKeyed(schema) || below.some((part) => part !== undefined && hasKeyedList(part));
  keyedLists.set(schema, answer);
  return answer;
}

const isKeyed = ({ listType }: Schema): boolean => listType === "map" || listType === "set";

function repeated(list: readonly unknown[], schema: Schema, path: string): Cause[] {
  if (!isKeyed(schema)) return [];
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const identity = schema.listType === "map" ? itemKey(item, schema) : item;
    const text = JSON.stringify(identity);
    if (seen.has(text)) return [duplicateValue(`${path}[${index}]`, identity)];
    seen.add(text);
    return [];
  });
}

/** The values of an item's keys, by which items of a `map` list are told apart. */
export function itemKey(item: unknown, { listKeys = [], items }: Schema): Record<string, unknown> {
  const values = isObject(item) ? item : {};
  return Object.fromEntries(listKeys.map((key) => [key, values[key] ?? items?.properties?.get(key)?.default]));
}
