import { describe, expect, it } from "vitest";
import { parseYaml, toYaml } from "./yaml-text.ts";

describe("parseYaml", () => {
  it("reads what a task file has", () => {
    const text = "metadata:\n  name: iris\nspec:\n  dataset:\n    csv: |\n      a,b\n      1,2\n  cancel: no\n";
    expect(parseYaml(text)).toEqual({
      metadata: { name: "iris" },
      spec: { dataset: { csv: "a,b\n1,2\n" }, cancel: "no" },
    });
  });
  it("takes JSON, which is YAML too", () => {
    expect(parseYaml('{"a": [1, 2.5, true, null]}')).toEqual({ a: [1, 2.5, true, null] });
  });
  it("follows a few aliases", () => {
    expect(parseYaml("a: &x {b: 1}\nc: *x\n")).toEqual({ a: { b: 1 }, c: { b: 1 } });
  });
  it("takes a long table in one piece, whatever stands in it", () => {
    const csv = "[[{- - -\n".repeat(8000);
    expect(parseYaml(toYaml({ csv }))).toEqual({ csv });
  });
  it("takes a long list of lists, none of them deep", () => {
    const value = Array.from({ length: 2000 }, (_, i) => ({ name: `column ${i}`, type: "number" }));
    expect(parseYaml(JSON.stringify(value))).toEqual(value);
    expect(parseYaml(toYaml(value))).toEqual(value);
  });
  it("keeps __proto__ a key like any other", () => {
    expect(Object.keys(parseYaml("__proto__: 1\n") as object)).toEqual(["__proto__"]);
  });

  const refused: Record<string, { text: string; says: RegExp }> = {
    "a syntax error, with its place": { text: "a: 1\nb: [\n", says: /line 3, column 1/ },
    "a key that stands twice, with its place": {
      text: "a: 1\nb:\n  c: 1\n  c: 2\n",
      says: /line 4, column 3: the key "c"/,
    },
    "a second document": { text: "a: 1\n---\nb: 1\n", says: /one YAML document/ },
    "an empty text": { text: "", says: /empty/ },
    "a comment alone": { text: "# nothing\n", says: /empty/ },
    "an alias of nothing": { text: "a: *b\n", says: /alias/i },
    "more aliases than a task needs": { text: "a: &a x\nb: [" + "*a, ".repeat(100) + "]\n", says: /alias/i },
    "tags of other schemas": { text: "a: !!binary aGk=\n", says: /tag/i },
    "nesting that is too deep": { text: "[".repeat(100_000), says: /too deeply/ },
    "nesting that is too deep within a line": { text: "- ".repeat(100_000), says: /too deeply/ },
    "as many values as take seconds to read": { text: `a: [${"1,".repeat(100_000)}]`, says: /50000 pieces/ },
  };
  for (const [name, { text, says }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      expect(() => parseYaml(text)).toThrow(says);
    });
  }
});

describe("toYaml", () => {
  it("writes long lines and shared values as they are, and what it writes is read back", () => {
    const shared = { a: "x".repeat(500) };
    const value = { one: shared, two: shared, csv: "a,b\n1,2\n", text: "no" };
    expect(toYaml(value)).not.toMatch(/[&*]/);
    expect(parseYaml(toYaml(value))).toEqual(value);
  });
});
