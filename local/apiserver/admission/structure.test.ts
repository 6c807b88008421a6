import { describe, expect, test } from "vitest";
import { kubernetesSchema } from "../kinds/kubernetes.ts";
import { schemaFromOpenApi } from "../kinds/openapi-schema.ts";
import { structure } from "./structure.ts";

describe("the structure of a custom resource", () => {
  const schema = schemaFromOpenApi({
    type: "object",
    properties: {
      a: { type: "object", default: {}, properties: { b: { type: "integer", default: 1 } } },
      list: { type: "array", items: { type: "object", properties: { x: { type: "string", default: "y" } } } },
      map: { type: "object", additionalProperties: { type: "object", properties: { z: { type: "string" } } } },
      free: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { n: { type: "object" } } },
      none: { type: "string", nullable: true, default: "x" },
      plain: { type: "string" },
    },
  });
  const give = (value: object) => structure(value, schema, "Test");

  test("fills in defaults, also those of a part that is itself a default", () => {
    expect(give({})).toEqual({ value: { a: { b: 1 }, none: "x" }, unknown: [] });
    expect(give({ list: [{}, { x: "z" }] }).value).toMatchObject({ list: [{ x: "y" }, { x: "z" }] });
  });

  test("drops unknown fields and names them, in maps and lists too", () => {
    const { value, unknown } = give({ q: 1, a: { q: 1 }, list: [{ q: 1 }], map: { k: { q: 1 } } });
    expect(unknown).toEqual(["q", "a.q", "list[0].q", "map.k.q"]);
    expect(JSON.stringify(value)).not.toContain("q");
  });

  test("keeps unknown fields where the schema says so, but not below known ones", () => {
    const { value, unknown } = give({ free: { any: [1], n: { other: 1 } } });
    expect(value).toMatchObject({ free: { any: [1], n: {} } });
    expect(unknown).toEqual(["free.n.other"]);
  });

  test("keeps a null that may be one, replaces one by a default, and drops all others", () => {
    const { value } = give({ none: null, plain: null, a: null });
    expect(value).toMatchObject({ none: null, a: { b: 1 } });
    expect(value).not.toHaveProperty("plain");
  });

  test("fields of every JavaScript object are unknown like any other", () => {
    expect(give({ constructor: 1, toString: 2, hasOwnProperty: 3 }).unknown).toHaveLength(3);
  });

  test("neither what came in nor the schema's defaults are changed or shared", () => {
    const value = { list: [{}] };
    const first = give(value).value as { a: { b: number } };
    first.a.b = 7;
    expect(value).toEqual({ list: [{}] });
    expect(give({}).value).toMatchObject({ a: { b: 1 } });
  });
});

describe("the structure of Kubernetes' own types", () => {
  const job = kubernetesSchema("V1Job");

  test("a null is an absent field", () => {
    const { value } = structure({ metadata: { creationTimestamp: null }, spec: null }, job, "Job");
    expect(value).toEqual({ metadata: {} });
  });

  test("a quantity may be written as a number", () => {
    const container = { resources: { limits: { cpu: 1, memory: "1Gi" } } };
    const { value } = structure({ spec: { template: { spec: { containers: [container] } } } }, job, "Job");
    expect(JSON.stringify(value)).toContain('"limits":{"cpu":"1","memory":"1Gi"}');
  });

  const wrong: Record<string, object> = {
    "a string for an integer": { spec: { parallelism: "1" } },
    "a fraction for an integer": { spec: { parallelism: 1.5 } },
    "an integer of more than 32 bits": { spec: { parallelism: 2 ** 31 } },
    "a number for a string": { metadata: { labels: { a: 1 } } },
    "a list for an object": { spec: [] },
    "an object for a list": { spec: { template: { spec: { containers: {} } } } },
    "a word for a time": { status: { startTime: "soon" } },
    "a string for a boolean": { spec: { suspend: "true" } },
  };
  test.each(Object.entries(wrong))("%s cannot be decoded", (_, value) => {
    expect(() => structure(value, job, "Job")).toThrow("cannot unmarshal");
  });
});
