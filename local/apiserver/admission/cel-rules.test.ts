import { describe, expect, test } from "vitest";
import { schemaFromOpenApi, type OpenApiSchema } from "../kinds/openapi-schema.ts";
import { compileRules } from "./cel-rules.ts";

const integer: OpenApiSchema = { type: "integer" };
const ruled = (rule: object, properties: OpenApiSchema["properties"] = {}): OpenApiSchema => ({
  type: "object",
  properties,
  "x-kubernetes-validations": [rule],
});
/** What a rule on `spec` says to a spec, and to a change of it. */
function verdict(spec: OpenApiSchema, value: unknown, old?: unknown): string[] {
  const rules = compileRules(schemaFromOpenApi({ type: "object", properties: { spec } }));
  const whole = (part: unknown) => ({ metadata: { name: "a" }, spec: part });
  return rules(whole(value), old === undefined ? undefined : whole(old)).map(
    ({ field, message }) => `${field}: ${message}`,
  );
}

describe("CEL rules", () => {
  const holding: Record<string, [rule: string, spec: object, properties: OpenApiSchema["properties"]]> = {
    "count with integers": ["self.n + 1 <= 5 && self.n % 2 == 0", { n: 4 }, { n: integer }],
    "count with numbers": ["self.n < 0.75", { n: 0.5 }, { n: { type: "number" } }],
    "compare times": [
      "self.from < self.to",
      { from: "2030-01-01T00:00:00Z", to: "2030-01-01T02:00:00+01:00" },
      { from: { type: "string", format: "date-time" }, to: { type: "string", format: "date-time" } },
    ],
    "look into lists": [
      "self.l.all(x, x > 0) && self.l.exists(x, x == 2) && size(self.l) == 2",
      { l: [1, 2] },
      { l: { type: "array", items: integer } },
    ],
    "look into maps": [
      "'k' in self.m && self.m['k'] == 1 && self.m.all(k, k.startsWith('k'))",
      { m: { k: 1 } },
      { m: { type: "object", additionalProperties: integer } },
    ],
    "match patterns": ["self.s.matches('^[a-z]+$')", { s: "abc" }, { s: { type: "string" } }],
    "ask whether a field is there": ["!has(self.n) || self.n > 3", {}, { n: integer }],
    "see a field called constructor as absent when it is": [
      "!has(self.constructor)",
      {},
      { constructor: { type: "string" } },
    ],
    "name fields that are no CEL words by their escapes": [
      "self.a__dash__b == 1 && self.__namespace__ == 'x'",
      { "a-b": 1, namespace: "x" },
      { "a-b": integer, namespace: { type: "string" } },
    ],
  };
  test.each(Object.entries(holding))("%s", (_, [rule, spec, properties]) => {
    expect(verdict(ruled({ rule }, properties), spec)).toEqual([]);
  });

  test("that fail say so at their place, with their message or their text", () => {
    expect(verdict(ruled({ rule: "self.n > 1", message: "too small" }, { n: integer }), { n: 1 })).toEqual([
      'spec: Invalid value: "object": too small',
    ]);
    expect(verdict(ruled({ rule: "self.n > 1" }, { n: integer }), { n: 1 })[0]).toContain("failed rule: self.n > 1");
  });

  test("that cannot be evaluated refuse", () => {
    expect(verdict(ruled({ rule: "self.n > 1" }, { n: integer }), {})[0]).toContain("rule evaluation error");
  });

  test("stand on fields, items and values of maps as well", () => {
    const positive: OpenApiSchema = {
      type: "integer",
      "x-kubernetes-validations": [{ rule: "self > 0", message: "no" }],
    };
    const properties = {
      n: positive,
      l: { type: "array", items: positive },
      m: { type: "object", additionalProperties: positive },
    };
    const found = verdict({ type: "object", properties }, { n: 0, l: [1, 0], m: { k: 0 } });
    expect(found.map((sentence) => sentence.split(":")[0])).toEqual(["spec.n", "spec.l[1]", "spec.m.k"]);
  });

  test("about change are silent when there is nothing to compare with", () => {
    const frozen = ruled({ rule: "self.n == oldSelf.n", message: "frozen" }, { n: integer });
    expect(verdict(frozen, { n: 1 })).toEqual([]);
    expect(verdict(frozen, { n: 1 }, { n: 1 })).toEqual([]);
    expect(verdict(frozen, { n: 2 }, { n: 1 })[0]).toContain("frozen");
  });

  test("that only mention oldSelf in a text are no rules about change", () => {
    expect(
      verdict(ruled({ rule: "self.s != 'oldSelf'", message: "no" }, { s: { type: "string" } }), { s: "oldSelf" }),
    ).toHaveLength(1);
  });

  test("about change are silent in lists whose items have no keys", () => {
    const item: OpenApiSchema = {
      type: "integer",
      "x-kubernetes-validations": [{ rule: "self >= oldSelf", message: "no" }],
    };
    const spec: OpenApiSchema = { type: "object", properties: { l: { type: "array", items: item } } };
    expect(verdict(spec, { l: [1] }, { l: [2] })).toEqual([]);
  });

  test("see of the metadata only the name", () => {
    const rules = compileRules(
      schemaFromOpenApi({ type: "object", "x-kubernetes-validations": [{ rule: "!has(self.metadata.labels)" }] }),
    );
    expect(rules({ metadata: { name: "a", labels: { b: "c" } } }, undefined)).toEqual([]);
  });

  test.each([{ rule: "self.n >" }, { rule: "self.n == other" }, { rule: "true", optionalOldSelf: true }])(
    "that this server does not understand are refused when they are loaded: %j",
    (rule) => {
      expect(() => verdict(ruled(rule, { n: integer }), {})).toThrow(/cannot be read|not supported/);
    },
  );
});
