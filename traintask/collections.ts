/** Lists and maps as Kubernetes bounds them. */
import * as z from "zod";

/** A list of objects, at most `max`, of which no two have the same `key`: its order means nothing to a merge. */
export function listByKey<Item extends z.ZodObject>(
  item: Item,
  options: { key: keyof Item["shape"] & string; max: number },
) {
  const { key, max } = options;
  const isUnique = (list: z.output<Item>[]): boolean => new Set(list.map((one) => one[key])).size === list.length;
  return z
    .array(item)
    .max(max)
    .refine(isUnique, `${key} must be unique`)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [key] });
}

/** A list of at least one and at most `max` words, none of them twice. */
export function setOf<Word extends string>(words: readonly [Word, ...Word[]], { max }: { max: number }) {
  return z
    .array(z.enum(words))
    .min(1)
    .max(max)
    .refine((list) => new Set(list).size === list.length, "each must stand there once")
    .meta({ "x-kubernetes-list-type": "set" });
}

/** A map of at most `max` entries. CRDs cannot bound keys: a rule of trainer-rules.ts says the same of them. */
export function boundedMap<Value extends z.ZodType>(key: z.ZodString, options: { value: Value; max: number }) {
  const { value, max } = options;
  return z
    .record(key, value)
    .refine((map) => Object.keys(map).length <= max, `at most ${max} entries`)
    .meta({ maxProperties: max });
}
