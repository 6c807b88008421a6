import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generatedFiles } from "./generated.ts";
import { staleFiles } from "./stale.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "generate-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const cases: Record<string, { found?: string; expected: object[] }> = {
  "a file that is as it should be is not stale": { found: "a\nb\n", expected: [] },
  "a line that was edited is named": { found: "a\nB\n", expected: [{ line: 2, found: "B", expected: "b" }] },
  "an end that is missing is named": { found: "a\n", expected: [{ line: 2, found: "", expected: "b" }] },
  "a line too many is named": { found: "a\nb\nc\n", expected: [{ line: 3, found: "c", expected: "" }] },
  "a last line break too many is named": {
    found: "a\nb\n\n",
    expected: [{ line: 4, found: "", expected: "(end of file)" }],
  },
  "other line ends are a difference": { found: "a\r\nb\r\n", expected: [{ line: 1, found: "a\r", expected: "a" }] },
  "a file that is not there is stale": { expected: [{ line: 1, found: "(no such file)", expected: "a" }] },
};

describe("a generated file", () => {
  test.each(Object.entries(cases))("%s", (_name, { found, expected }) => {
    if (found !== undefined) writeFileSync(join(root, "x"), found);
    expect(staleFiles(root, new Map([["x", "a\nb\n"]]))).toEqual(expected.map((stale) => ({ path: "x", ...stale })));
  });

  test("is the same each time it is generated", () => {
    expect([...generatedFiles()]).toEqual([...generatedFiles()]);
  });
});
