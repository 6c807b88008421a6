import { describe, expect, test } from "vitest";
import { JsonPatchError, jsonPatch } from "./json-patch.ts";

describe("a JSON patch", () => {
  // After the examples of RFC 6902, appendix A.
  const examples: Record<string, { from: unknown; patch: object[]; to: unknown }> = {
    "adds a field": { from: { a: 1 }, patch: [{ op: "add", path: "/b", value: 2 }], to: { a: 1, b: 2 } },
    "adds an item": { from: [1, 3], patch: [{ op: "add", path: "/1", value: 2 }], to: [1, 2, 3] },
    "appends an item": { from: [1], patch: [{ op: "add", path: "/-", value: [2] }], to: [1, [2]] },
    "removes a field": { from: { a: 1, b: 2 }, patch: [{ op: "remove", path: "/a" }], to: { b: 2 } },
    "removes an item": { from: [1, 2, 3], patch: [{ op: "remove", path: "/1" }], to: [1, 3] },
    "replaces a value": { from: { a: 1 }, patch: [{ op: "replace", path: "/a", value: null }], to: { a: null } },
    "replaces the whole document": { from: { a: 1 }, patch: [{ op: "replace", path: "", value: 7 }], to: 7 },
    "moves a value": {
      from: { a: { x: 1 }, b: {} },
      patch: [{ op: "move", from: "/a/x", path: "/b/y" }],
      to: { a: {}, b: { y: 1 } },
    },
    "moves an item": { from: [1, 2, 3], patch: [{ op: "move", from: "/0", path: "/2" }], to: [2, 3, 1] },
    "copies a value": { from: { a: [1] }, patch: [{ op: "copy", from: "/a", path: "/b" }], to: { a: [1], b: [1] } },
    "tests a value whatever the order of its fields": {
      from: { a: { x: 1, y: 2 } },
      patch: [{ op: "test", path: "/a", value: { y: 2, x: 1 } }],
      to: { a: { x: 1, y: 2 } },
    },
    "reads ~0 as a tilde and ~1 as a slash": {
      from: { "~1": 1, "/": 2 },
      patch: [
        { op: "test", path: "/~01", value: 1 },
        { op: "remove", path: "/~1" },
      ],
      to: { "~1": 1 },
    },
    "ignores fields that operations do not have": {
      from: {},
      patch: [{ op: "add", path: "/a", value: 1, comment: "x" }],
      to: { a: 1 },
    },
  };
  test.each(Object.entries(examples))("%s", (_, { from, patch, to }) => {
    expect(jsonPatch(from, patch)).toEqual(to);
  });

  const failing: Record<string, { from: unknown; patch: unknown }> = {
    "a test of another value": { from: { a: 1 }, patch: [{ op: "test", path: "/a", value: "1" }] },
    "removing what is not there": { from: {}, patch: [{ op: "remove", path: "/a" }] },
    "replacing what is not there": { from: {}, patch: [{ op: "replace", path: "/a", value: 1 }] },
    "adding below what is not there": { from: {}, patch: [{ op: "add", path: "/a/b", value: 1 }] },
    "an index beyond the end": { from: [1], patch: [{ op: "add", path: "/2", value: 1 }] },
    "an index with a leading zero": { from: [1, 2], patch: [{ op: "remove", path: "/01" }] },
    "moving a value into itself": { from: { a: {} }, patch: [{ op: "move", from: "/a", path: "/a/b" }] },
    "a field of every object, such as toString": { from: {}, patch: [{ op: "test", path: "/toString", value: 1 }] },
    "a path into __proto__": { from: {}, patch: [{ op: "add", path: "/__proto__/x", value: 1 }] },
  };
  test.each(Object.entries(failing))("does not apply with %s", (_, { from, patch }) => {
    expect(() => jsonPatch(from, patch)).toThrow(JsonPatchError);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  const malformed: Record<string, unknown> = {
    "no list": { op: "add" },
    "an operation that is no object": [1],
    "an operation without path": [{ op: "remove" }],
    "an unknown operation": [{ op: "merge", path: "/a", value: 1 }],
    "an add without value": [{ op: "add", path: "/a" }],
    "a move without from": [{ op: "move", path: "/a" }],
    "a path without slash": [{ op: "add", path: "a", value: 1 }],
    "too many operations": Array.from({ length: 10_001 }, () => ({ op: "test", path: "", value: {} })),
  };
  test.each(Object.entries(malformed))("is malformed with %s", (_, patch) => {
    expect(() => jsonPatch({}, patch)).toThrow(expect.objectContaining({ malformed: true }));
  });

  test("changes the document that it was given in nothing, even when it fails half way", () => {
    const document = { a: [1], b: {} };
    const patch = [
      { op: "add", path: "/a/-", value: 2 },
      { op: "remove", path: "/none" },
    ];
    expect(() => jsonPatch(document, patch)).toThrow(JsonPatchError);
    expect(document).toEqual({ a: [1], b: {} });
  });
});
