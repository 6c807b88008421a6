import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./json-text.ts";
import { Problem } from "./problem.ts";

function problemOf(text: string): Problem {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

describe("parseJson", () => {
  it("reads whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("says in which line and column the text stops being JSON", () => {
    expect(problemOf('{"a": 1,\n "b" 2}').message).toMatch(/line 2, column 6/);
  });
  it("quotes the text around a token that JSON does not have", () => {
    expect(problemOf('{"a": 1,\n "b": ]').message).toContain('Unexpected token \']\', "{"a": 1, "b": ]"');
  });
  it("says that an empty body is empty", () => {
    expect(problemOf(" \n").message).toMatch(/empty/);
  });
  it("quotes no more of a broken text than a person can read", () => {
    expect(problemOf("x".repeat(100_000)).message.length).toBeLessThan(300);
  });

  it("takes what is nested as deeply as a body may be, and nothing deeper", () => {
    const nested = (depth: number): string => '[{"a": '.repeat(depth / 2) + "1" + "}]".repeat(depth / 2);
    expect(parseJson(nested(32))).toEqual(JSON.parse(nested(32)));
    expect(problemOf(nested(34)).message).toMatch(/deeper than 32 levels/);
  });
  it("does not take brackets in texts for nesting", () => {
    const text = JSON.stringify(["[{".repeat(100), '\\"[['.repeat(100), "\\"]);
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });
  it.each(['"\\"', "\\\\", "[", '{"a":', '["\\'])("is soon done with a million bytes of %s", (piece) => {
    const began = performance.now();
    problemOf(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - began).toBeLessThan(5000);
  });

  const twice: Record<string, { text: string; at: string }> = {
    "at the top": { text: '{"a": 1, "b": 2, "a": 3}', at: "/a" },
    "deep inside": { text: '{"a": [0, {"b": {"c": 1, "c": 2}}]}', at: "/a/1/b/c" },
    "written with an escape": { text: '{"a": 1, "\\u0061": 2}', at: "/a" },
    "after an object of the same keys": { text: '{"x": {"a": 1}, "y": {"a": 1, "a": 2}}', at: "/y/a" },
    "named __proto__": { text: '{"__proto__": 1, "__proto__": 2}', at: "/__proto__" },
  };
  for (const [name, { text, at }] of Object.entries(twice)) {
    it(`refuses a key that stands twice ${name}`, () => {
      expect(problemOf(text).errors[0]?.pointer).toBe(at);
    });
  }
  it("takes the same key in two objects, and texts that look like keys", () => {
    const text = '[{"a": "a\\": 1, {"}, {"a": ["a", "a"]}]';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });
});
