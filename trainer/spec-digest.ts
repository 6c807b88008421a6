/** The digest of what in a spec makes the model, as the model's header holds it. */
import { createHash } from "node:crypto";
import { modelSpec } from "../traintask/canonical.ts";
import type { PodConfig } from "../traintask/pod-config.ts";

/** `sha256:<hex>` of the canonical JSON of trainer, seed and the dataset's modelling fields, defaults applied. */
export function specDigest(config: PodConfig): string {
  return `sha256:${createHash("sha256").update(modelSpec(config)).digest("hex")}`;
}
