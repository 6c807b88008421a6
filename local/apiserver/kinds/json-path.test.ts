import { expect, test } from "vitest";
import { compileJsonPath } from "./json-path.ts";

const object = { spec: { rows: [{ name: "a" }], "b-c": 1 }, metadata: { labels: { "x.y/z": "v" } } };

test.each([
  [".spec.rows[0].name", "a"],
  [".spec.b-c", 1],
  [".metadata.labels['x.y/z']", "v"],
  [".spec.rows[7].name", undefined],
  [".spec.none.at.all", undefined],
  [".spec.constructor", undefined],
])("%s reads %s", (path, value) => {
  expect(compileJsonPath(path)(object)).toBe(value);
});

test.each([".spec.rows[*].name", ".spec.rows[?(@.a)]", "spec"])("%s is refused", (path) => {
  expect(() => compileJsonPath(path)).toThrow("not supported here");
});
