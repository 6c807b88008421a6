/**
 * Who may import whom. The first table is the architecture: our own folders. The second names, with its reason,
 * each package that a folder uses; a package that stands in no row may not be imported.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const folders: Record<string, string[]> = {
  traintask: [],
  model: [],
  wasm: [],
  data: ["traintask", "wasm"],
  kube: [],
  operator: ["traintask", "kube"],
  api: ["traintask", "model", "data", "kube"],
  trainer: ["traintask", "model", "data", "wasm"],
  local: ["traintask"],
};

const packages: Record<string, Record<string, string>> = {
  traintask: { zod: "the schemas are the source of types, CRDs and documents" },
  model: {},
  wasm: {},
  data: {},
  kube: {},
  operator: { pino: "the log", "prom-client": "metrics" },
  api: {
    express: "the HTTP server",
    zod: "bodies and parameters",
    yaml: "tasks may be written as YAML",
    helmet: "security headers",
    pino: "the log",
    "prom-client": "metrics",
    "@aws-sdk/client-s3": "artifacts in a bucket",
  },
  trainer: {
    yaml: "task files at a terminal",
    "ml-random-forest": "the second engine, for small data",
    "ml-matrix": "its matrices, and the linear algebra of a search's operators",
    "ml-pca": "principal components",
  },
  local: {
    ajv: "the structural part of a CRD's schema",
    "@marcbachmann/cel-js": "the rules of a CRD",
    yaml: "CRDs are read from the chart's YAML",
    pino: "the log",
  },
};

/** Modules that compose or load what their folder otherwise may not touch. */
const exceptions: Record<string, string[]> = {
  "local/main.ts": ["operator", "api", "kube"],
};
const clientNode = { values: "kube/config.ts", types: "kube" };

/** Stands beside what it helps to test, so it may reach across as tests do. */
function isTestSupport(file: string): boolean {
  return /(^|[/-])fixture\.ts$|\/scripted-[a-z-]+\.ts$/.test(file);
}

const sources = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => Object.keys(folders).includes(file.split("/")[0] ?? ""))
  .filter((file) => !file.endsWith(".test.ts") && !isTestSupport(file));

const importPattern =
  /^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|(?:await\s+)?\bimport\(\s*"([^"]+)"\s*\)/gm;
const imports = (file: string): { typeOnly: boolean; from: string }[] =>
  [...readFileSync(file, "utf8").matchAll(importPattern)].map((match) => ({
    typeOnly: match[1] !== undefined,
    from: match[2] ?? match[3] ?? "",
  }));

function complaint(file: string, { typeOnly, from }: { typeOnly: boolean; from: string }): string | undefined {
  const folder = file.split("/")[0] ?? "";
  if (from.startsWith("node:"))
    return folder === "model" ? `${file}: model/ also runs in a browser: no ${from}` : undefined;
  if (from.startsWith(".")) {
    const target = path.join(path.dirname(file), from).split("/")[0] ?? "";
    if (target === folder || folders[folder]?.includes(target) || exceptions[file]?.includes(target)) return undefined;
    // The fake shares no machinery with the client that it is tested with: types, and the names of kinds.
    if (folder === "local" && target === "kube" && (typeOnly || from.endsWith("/kube/objects.ts"))) return undefined;
    return `${file}: ${folder}/ may not import ${target}/`;
  }
  const name = from.startsWith("@") ? from.split("/").slice(0, 2).join("/") : (from.split("/")[0] ?? "");
  if (name === "@kubernetes/client-node" && folder === "kube" && (typeOnly || file === clientNode.values))
    return undefined;
  return packages[folder]?.[name] === undefined ? `${file}: ${folder}/ may not import ${name}` : undefined;
}

describe("layers", () => {
  it("finds the sources", () => {
    expect(sources.length).toBeGreaterThan(20);
  });
  it("hold: every import is allowed by the tables", () => {
    const complaints = sources.flatMap((file) => imports(file).flatMap((one) => complaint(file, one) ?? []));
    expect(complaints).toEqual([]);
  });
  it("hold: no folder without a meaning of its own", () => {
    const vague = /(^|\/)(src|utils?|common|helpers?|types|services?|managers?|misc)(\/|\.ts$)/;
    expect(sources.filter((file) => vague.test(file))).toEqual([]);
  });
});
