/** JSON merge patches, RFC 7396: fields replace fields, null removes them, lists are replaced whole. */
import { isObject } from "../admission/structure.ts";

/** @returns a new value; neither argument is changed, parts of both may be shared */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, mergePatch(result.get(name), value));
  }
  return Object.fromEntries(result);
}
