import { expect, test } from "vitest";
import { schemaFromOpenApi } from "./openapi-schema.ts";

test("a keyword that would change what is accepted, and is not implemented, is refused with its place", () => {
  const source = { type: "object", properties: { a: { type: "array", items: { oneOf: [{ type: "string" }] } } } };
  expect(() => schemaFromOpenApi(source)).toThrow("openAPIV3Schema.a[]: the keyword oneOf is not supported here");
});

test.each([
  [{ type: "tuple" }, "unknown type tuple"],
  [{ type: "array", "x-kubernetes-list-type": "bag" }, 'unknown list type "bag"'],
])("%j is refused", (source, message) => {
  expect(() => schemaFromOpenApi(source)).toThrow(message);
});

test("what a definition says of structure is kept", () => {
  const schema = schemaFromOpenApi({
    type: "object",
    properties: {
      rows: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["id"],
        items: { type: "object" },
      },
      map: { type: "object", additionalProperties: { type: "integer", format: "int64" } },
      any: { "x-kubernetes-int-or-string": true },
      free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      none: { type: "string", nullable: true, default: "x" },
    },
  });
  const { properties = new Map() } = schema;
  expect(properties.get("rows")).toMatchObject({ listType: "map", listKeys: ["id"], items: { type: "object" } });
  expect(properties.get("map")).toMatchObject({ values: { type: "integer", format: "int64" } });
  expect(properties.get("any")).toMatchObject({ intOrString: true });
  expect(properties.get("free")).toMatchObject({ preserveUnknown: true });
  expect(properties.get("none")).toMatchObject({ nullable: true, default: "x" });
});
