import { describe, expect, test } from "vitest";
import * as z from "zod";
import { addRules, structural } from "./structural.ts";

const rule = { name: "n", rule: "self.a == 'x'", message: "a must be x" };

describe("a structural schema", () => {
  test("knows what was left out, what was given, and the width of each integer", () => {
    const schema = z.object({ a: z.string().default("x").describe("A"), b: z.int().min(0), c: z.int32().optional() });
    expect(structural(schema)).toEqual({
      type: "object",
      required: ["b"],
      properties: {
        a: { type: "string", default: "x", description: "A" },
        b: { type: "integer", format: "int64", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        c: { type: "integer", format: "int32", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
      },
    });
  });

  test("keeps unknown fields where the Zod schema does, and says nothing of keys", () => {
    const loose = z.looseObject({}).meta({ "x-kubernetes-preserve-unknown-fields": true });
    const map = z.record(z.string().max(3), z.string());
    expect(structural(z.object({ loose, map })).properties).toEqual({
      loose: { type: "object", properties: {}, "x-kubernetes-preserve-unknown-fields": true },
      map: { type: "object", additionalProperties: { type: "string" } },
    });
  });

  test.each([
    ["a union", z.object({ a: z.object({ b: z.union([z.string(), z.int()]) }) }), "a.b"],
    ["a null", z.object({ a: z.array(z.string().nullable()) }), "a[]"],
    ["anything at all", z.object({ a: z.unknown() }), "a"],
  ])("cannot be made of %s, and the error names the path", (_what, schema, path) => {
    expect(() => structural(schema)).toThrow(path);
  });

  test("refuses floating point numbers, which clients round", () => {
    expect(() => structural(z.object({ a: z.number() }))).toThrow("a: number");
  });
});

describe("a rule", () => {
  test("stands at the node that it names, also in the items of a list", () => {
    const schema = structural(z.object({ list: z.array(z.object({ a: z.string() })) }));
    addRules(schema, [{ ...rule, at: "list.[]", fieldPath: ".a" }]);
    expect(schema.properties?.list?.items?.["x-kubernetes-validations"]).toEqual([
      { rule: rule.rule, message: rule.message, fieldPath: ".a" },
    ]);
  });

  test("cannot stand at a field that does not exist", () => {
    const schema = structural(z.object({ a: z.string() }));
    expect(() => addRules(schema, [{ ...rule, at: "b" }])).toThrow("there is no b");
  });
});
