/**
 * Writes what is derived: the CRDs, the reference pages, the OpenAPI document, the fields of Kubernetes' own types. With
 * `--check` it writes nothing and exits 1 when a file is not what it would write, naming it and its first such line.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedFiles } from "./generated.ts";
import { staleFiles } from "./stale.ts";

const root = join(import.meta.dirname, "..");

if (process.argv.includes("--check")) {
  const stale = staleFiles(root, generatedFiles());
  for (const { path, line, found, expected } of stale) {
    console.error(
      `${path}:${line} is not what \`npm run generate\` writes\n  found:    ${found}\n  expected: ${expected}`,
    );
  }
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, content] of generatedFiles()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
