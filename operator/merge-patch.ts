/** The JSON merge patch (RFC 7396) that leads from one document to another: what differs, and null for what is gone. */

type Document = Readonly<Record<string, unknown>>;

/** @returns undefined when both say the same */
export function mergePatch(from: object, to: object): Record<string, unknown> | undefined {
  const before = from as Document;
  const after = to as Document;
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(before)) if (before[key] !== undefined && after[key] === undefined) patch[key] = null;
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const old = before[key];
    if (isDocument(old) && isDocument(value)) {
      const inner = mergePatch(old, value);
      if (inner !== undefined) patch[key] = inner;
    } else if (!equal(old, value)) patch[key] = value;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Equal as JSON, whatever the order of keys. */
function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (isDocument(a) && isDocument(b)) return mergePatch(a, b) === undefined;
  return a === b;
}
