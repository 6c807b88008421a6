import { describe, expect, test } from "vitest";
import { trainQueueDefinition, trainTaskDefinition } from "../traintask/crd.ts";
import type { Structural } from "../traintask/structural.ts";
import { referencePage } from "./reference.ts";

function fields(node: Structural): string[] {
  const below = [node.items, ...Object.values(node.properties ?? {})].filter((child) => child !== undefined);
  return [...Object.keys(node.properties ?? {}), ...below.flatMap(fields)];
}

describe.each([trainTaskDefinition(), trainQueueDefinition()])("the reference page of $names.kind", (definition) => {
  const page = referencePage(definition, "notice");
  const { spec, status } = definition.schema.properties ?? {};

  test("has a row for every field of spec and status", () => {
    const rows = page.split("\n").flatMap((line) => /^\| `([a-zA-Z0-9]+)` \|/.exec(line)?.[1] ?? []);
    expect(rows.toSorted()).toEqual([...fields(spec!), ...fields(status!)].toSorted());
  });

  test("names every column of kubectl get", () => {
    for (const { name, jsonPath } of definition.columns)
      expect(page).toContain(`| ${name.toUpperCase()} | \`${jsonPath}\``);
  });

  test("has as many cells in each row as in its head", () => {
    const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
    const tables = page
      .trimEnd()
      .split("\n\n")
      .filter((block) => block.startsWith("|"));
    for (const table of tables) expect(new Set(table.split("\n").map(cells)).size, table).toBe(1);
  });
});

test("a type of text that a page shows as code keeps its angle brackets, other text loses none to HTML", () => {
  const definition = trainQueueDefinition();
  const page = referencePage(
    {
      ...definition,
      schema: {
        ...definition.schema,
        description: "`<a>`",
        properties: {
          spec: { type: "object", properties: { x: { type: "string", description: "<b> and `<c>`" } } },
          status: { type: "object" },
        },
      },
    },
    "notice",
  );
  expect(page).toContain("&lt;b> and `<c>`");
});
