import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ruleFor } from "./access/verbs.ts";
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

  it("says which calls are for pods alone, and what right the others need in a cluster", () => {
    type Described = { security?: unknown; description?: string };
    const paths = openApiDocument()["paths"] as Record<string, Record<string, Described>>;
    expect(paths["/v1/tasks/{name}/progress"]?.["post"]?.security).toEqual([{ podToken: [] }]);
    expect(paths["/v1/tasks"]?.["post"]?.security).toEqual([{ kubernetesToken: [] }, {}]);
    expect(paths["/v1/tasks/{name}/predict"]?.["post"]?.description).toContain("create traintasks/predict");
    expect(paths["/healthz"]?.["get"]?.security).toEqual([]);
  });
});

describe("docs/api.md", () => {
  const page = readFileSync(path.join(import.meta.dirname, "../docs/api.md"), "utf8");

  it("names only calls that there are", () => {
    const named = [...page.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`\s]*)`/g)];
    expect(named.length).toBeGreaterThan(12);
    for (const [, method = "", where = ""] of named) expect(calls).toContain(`${method.toLowerCase()} ${where}`);
  });

  it("says of every call for people which right it needs in a cluster", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    for (const call of routes({} as Api)) {
      const rule = ruleFor(call);
      if (rule.who !== "permitted") continue;
      const name = `\`${call.method.toUpperCase()} ${call.path.replaceAll(/:(\w+)/g, "{$1}")}\``;
      const resource = rule.subresource === undefined ? "traintasks" : `traintasks/${rule.subresource}`;
      const row = rows.find((line) => line.includes(name) && line.includes(`\`${rule.verb}\` \`traintasks`));
      expect(row, name).toContain(`\`${resource}\``);
    }
  });

  it("names every call that is for people", () => {
    const silent = ["/openapi.json", "/healthz", "/readyz"];
    for (const { method, path: where } of routes({} as Api)) {
      const { who } = ruleFor({ method, path: where });
      if (who !== "pod" && !silent.includes(where)) expect(page).toContain(where.replaceAll(/:(\w+)/g, "{$1}"));
    }
  });
});
