import { describe, expect, test } from "vitest";
import { customResourceDefinition, trainQueueDefinition, trainTaskDefinition } from "./crd.ts";
import type { Structural } from "./structural.ts";

const definitions = [trainTaskDefinition(), trainQueueDefinition()];

/** The node of a schema at `.spec.queue`; nothing below a list, which a column could not print. */
function nodeAt(schema: Structural, jsonPath: string): Structural | undefined {
  return jsonPath
    .split(".")
    .slice(1)
    .reduce<Structural | undefined>((node, name) => node?.properties?.[name], schema);
}

function everyNode(node: Structural): Structural[] {
  const children = [node.items, node.additionalProperties, ...Object.values(node.properties ?? {})];
  return [node, ...children.filter((child) => child !== undefined).flatMap(everyNode)];
}

test("kubectl get tt prints what a person asks first", () => {
  const shown = trainTaskDefinition().columns.filter(({ priority }) => priority === undefined);
  expect(shown.map(({ name }) => name.toUpperCase())).toEqual([
    "STATE",
    "POS",
    "PROGRESS",
    "LEFT",
    "SCORE",
    "CURVE",
    "AGE",
  ]);
});

describe.each(definitions)("the definition of $names.kind", ({ columns, schema, ...definition }) => {
  test("prints columns that exist, by their types", () => {
    for (const { name, type, jsonPath } of columns) {
      if (jsonPath === ".metadata.creationTimestamp") continue;
      expect(nodeAt(schema, jsonPath)?.type, name).toBe(type);
    }
  });

  test("lets status be written by itself, and serves and stores its one version", () => {
    const crd = customResourceDefinition({ ...definition, columns, schema });
    expect(crd).toMatchObject({
      metadata: { name: `${definition.names.plural}.traintask.dev` },
      spec: {
        scope: definition.names.namespaced ? "Namespaced" : "Cluster",
        versions: [{ name: "v1alpha1", served: true, storage: true, subresources: { status: {} } }],
      },
    });
  });

  test("is structural: each node has one type, and requires only fields that it has", () => {
    for (const node of everyNode(schema)) {
      expect(node.type).toBeDefined();
      expect(node.properties === undefined || node.additionalProperties === undefined).toBe(true);
      for (const required of node.required ?? []) expect(Object.keys(node.properties ?? {})).toContain(required);
    }
  });

  test("gives its required fields no default, and its defaults a value that it accepts", () => {
    for (const node of everyNode(schema)) {
      for (const name of node.required ?? []) expect(node.properties?.[name]?.default, name).toBeUndefined();
      if (node.enum !== undefined && node.default !== undefined) expect(node.enum).toContain(node.default);
      if (node.pattern !== undefined && node.default !== undefined) {
        expect(node.default).toMatch(new RegExp(node.pattern));
      }
    }
  });

  test("is made anew each time, so that nobody can change what another one sees", () => {
    const again = definition.names.kind === "TrainTask" ? trainTaskDefinition() : trainQueueDefinition();
    expect(again.schema).toEqual(schema);
    expect(again.schema).not.toBe(schema);
  });
});

test("a new task is Queued before anybody has looked at it", () => {
  expect(trainTaskDefinition().schema.properties?.status?.default).toEqual({ state: "Queued" });
});
