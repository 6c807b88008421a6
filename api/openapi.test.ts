import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Api } from "./api.ts";
import { openApiDocument } from "./openapi.ts";
import { operations } from "./openapi-operations.ts";
import { routes } from "./routes.ts";

const calls = routes({} as Api).map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);

describe("the OpenAPI document", () => {
  it("describes every route of the sitemap, and no other", () => {
    expect(Object.keys(operations).toSorted()).toEqual(calls.toSorted());
  });

  it("refers only to schemas that it has", () => {
    const text = JSON.stringify(openApiDocument());
    const document = JSON.parse(text) as { components: { schemas: Record<string, unknown> } };
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it("is the same each time, and plain JSON", () => {
    expect(JSON.stringify(openApiDocument())).toBe(JSON.stringify(openApiDocument()));
    expect(JSON.parse(JSON.stringify(openApiDocument()))).toEqual(openApiDocument());
  });

  it("says which calls are for pods alone", () => {
    const paths = openApiDocument()["paths"] as Record<string, Record<string, { security?: unknown }>>;
    expect(paths["/v1/tasks/{name}/progress"]?.["post"]?.security).toEqual([{ podToken: [] }]);
    expect(paths["/v1/tasks"]?.["post"]?.security).toBeUndefined();
  });
});

describe("docs/api.md", () => {
  const page = readFileSync(path.join(import.meta.dirname, "../docs/api.md"), "utf8");

  it("names only calls that there are", () => {
    const named = [...page.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`\s]*)`/g)];
    expect(named.length).toBeGreaterThan(12);
    for (const [, method = "", where = ""] of named) expect(calls).toContain(`${method.toLowerCase()} ${where}`);
  });

  it("names every call that is for people", () => {
    const silent = ["/openapi.json", "/healthz", "/readyz"];
    for (const [call, { pod }] of Object.entries(operations)) {
      const where = call.split(" ")[1] ?? "";
      if (pod === undefined && !silent.includes(where)) expect(page).toContain(where);
    }
  });
});
