/** The chart's papers agree with each other: values and their schema, values and templates, versions. Needs no Helm. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { specSchema } from "../../traintask/spec.ts";
import { chart } from "./helm.ts";

const root = join(chart, "..", "..", "..");
const read = (file: string): string => readFileSync(file, "utf8");
const templates = readdirSync(join(chart, "templates"));
const textOf = (files: readonly string[]): string =>
  files.map((file) => read(join(chart, "templates", file))).join("\n");
const used = textOf(templates);
const shared = textOf(templates.filter((file) => file.endsWith(".tpl")));
const valuesText = read(join(chart, "values.yaml"));

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Paths of all leaves, `api.service.port`; `global` is Helm's. */
function leavesOf(schema: Schema, prefix = ""): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, below]) =>
    below.properties === undefined ? [prefix + key] : leavesOf(below, `${prefix}${key}.`),
  );
}

const schema = JSON.parse(read(join(chart, "values.schema.json"))) as Schema;
const leaves = leavesOf(schema).filter((path) => path !== "global" && !/resources\.(requests|limits)$/.test(path));
const valueAt = (path: string): unknown =>
  path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], parse(valuesText));

describe("the chart's values", () => {
  it("each have a default", () => {
    const without = leaves.filter((path) => valueAt(path) === undefined);
    // The trainer's pull policy is Kubernetes' own; names of a label have no default.
    expect(leaves.length).toBeGreaterThan(50);
    expect(without).toEqual([]);
  });

  it("each have an effect", () => {
    // A whole block may be handed to a shared template, which then takes from it what it needs.
    const isHandedOn = (path: string): boolean => {
      const dot = path.lastIndexOf(".");
      const [block, key] = [path.slice(0, dot), path.slice(dot + 1)];
      return used.includes(`.Values.${block} `) || used.includes(`.Values.${block})`)
        ? new RegExp(`(image|values|^|[ (])[.]${key}\\b`, "m").test(shared)
        : false;
    };
    const idle = leaves.filter((path) => !new RegExp(`[.]Values[.]${path}\\b`).test(used) && !isHandedOn(path));
    expect(idle).toEqual([]);
  });

  it("are explained: each block begins with a comment", () => {
    const blocks = valuesText.split(/\n\n+/).slice(1);
    const silent = blocks.filter((block) => !/^ *#/m.test(block.split("\n").slice(0, 2).join("\n")));
    expect(blocks.length).toBeGreaterThan(10);
    expect(silent).toEqual([]);
  });
});

describe("the notes that Helm prints", () => {
  it("have a task that the schema takes, unknown fields refused", () => {
    const notes = read(join(chart, "templates", "NOTES.txt"));
    const manifest = /<<'END'\n(.*?)\n *END\n/s.exec(notes)?.[1] ?? "";
    const { spec } = parse(manifest) as { spec: { trainer: { randomForest: object } } };
    expect(specSchema.parse(spec)).toMatchObject(spec);
    expect(notes).toContain("tt/first-task");
  });
});

describe("the version", () => {
  it("is one: of the package, the chart, the program and the images", () => {
    const { version } = JSON.parse(read(join(root, "package.json"))) as { version: string };
    expect(parse(read(join(chart, "Chart.yaml")))).toMatchObject({ version, appVersion: version });
    for (const file of ["Dockerfile", "Dockerfile.trainer"]) {
      expect(read(join(root, file))).toContain(`org.opencontainers.image.version="${version}"`);
    }
  });
});
