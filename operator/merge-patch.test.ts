import fc from "fast-check";
import { expect, test } from "vitest";
import { mergePatch } from "./merge-patch.ts";

test("what differs is in the patch, what is gone is null, what is equal is not there", () => {
  const from = { same: 1, changed: 1, gone: 1, inner: { same: 1, gone: 1 }, list: [{ a: 1, b: 2 }] };
  const to = { same: 1, changed: 2, inner: { same: 1, new: 1 }, list: [{ b: 2, a: 1 }] };
  expect(mergePatch(from, to)).toEqual({ changed: 2, gone: null, inner: { gone: null, new: 1 } });
  expect(mergePatch(from, from)).toBeUndefined();
});

test("a list that differs anywhere is sent whole", () => {
  expect(mergePatch({ list: [1, { a: 1 }] }, { list: [1, { a: 2 }] })).toEqual({ list: [1, { a: 2 }] });
});

/** Documents without null, which a merge patch cannot set. */
const document = fc.dictionary(
  fc.constantFrom("a", "b", "c"),
  fc.letrec((tie) => ({
    value: fc.oneof(
      fc.integer(),
      fc.string(),
      fc.array(fc.integer()),
      fc.dictionary(fc.constantFrom("x", "y"), tie("value")),
    ),
  })).value,
);

test("the patch, applied, leads from any document to any other", () => {
  fc.assert(
    fc.property(document, document, (from, to) => {
      expect(applied(from, mergePatch(from, to) ?? {})).toEqual(toJson(to));
    }),
  );
});

/** RFC 7396, as the API server applies it. */
function applied(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applied(result[key], value);
  }
  return result;
}

function toJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
