/** The list of generated files, each with its content: a pure function of the code and of the packages it builds on. */
import { createHash } from "node:crypto";
import { stringify } from "yaml";
import * as z from "zod";
import { openApiDocument } from "../api/openapi.ts";
import { customResourceDefinition, trainQueueDefinition, trainTaskDefinition } from "../traintask/crd.ts";
import { canonicalJson } from "../traintask/canonical.ts";
import { podConfigSchema } from "../traintask/pod-config.ts";
import { kubernetesSchemas } from "./kubernetes-schemas.ts";
import { referencePage } from "./reference.ts";

const notice = "Generated from traintask/ by `npm run generate`. Do not edit.";

/** Content by path, relative to the repository's root. */
export function generatedFiles(): Map<string, string> {
  const task = trainTaskDefinition();
  const queue = trainQueueDefinition();
  return new Map([
    ["deploy/helm/traintask/crds/traintasks.yaml", yaml(customResourceDefinition(task))],
    ["deploy/helm/traintask/crds/trainqueues.yaml", yaml(customResourceDefinition(queue))],
    ["docs/reference/traintask.md", referencePage(task, notice)],
    ["docs/reference/trainqueue.md", referencePage(queue, notice)],
    ["api/openapi.json", json(openApiDocument())],
    ["traintask/pod-config-digest.ts", podConfigDigest()],
    ["local/apiserver/kinds/kubernetes.json", json(kubernetesSchemas())],
  ]);
}

function podConfigDigest(): string {
  const digest = createHash("sha256")
    .update(canonicalJson(z.toJSONSchema(podConfigSchema)))
    .digest("hex");
  return `// ${notice}

/** Of the schema of a pod's configuration: who writes the same one has checked what we would check. */
export const podConfigDigest = "sha256:${digest}";
`;
}

function json(object: object): string {
  return `${JSON.stringify(object, null, 2)}\n`;
}

function yaml(object: object): string {
  return `# ${notice}\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
