/** The chart's CustomResourceDefinitions, as YAML. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const crds = join(import.meta.dirname, "../../deploy/helm/traintask/crds");

export const chartDefinitions = (): string[] =>
  ["traintasks.yaml", "trainqueues.yaml"].map((file) => readFileSync(join(crds, file), "utf8"));
