/** A trainer of the user's own: the parts of a pod that a task may choose. */
import { z } from "zod";
import { boundedMap, listByKey } from "./collections.ts";
import { resourcesSchema } from "./resources.ts";
import { labelKeyPattern, labelValuePattern, text } from "./text.ts";

const labelKey = text(317, { pattern: new RegExp(labelKeyPattern) });
const labelValue = text(63, { pattern: new RegExp(labelValuePattern) });

const envVar = z
  .object({
    name: text(256, { min: 1, pattern: /^[ -<>-~]+$/ }).describe("Name of the variable: printable ASCII without `=`"),
    value: text(32_768).optional().describe("Its value; empty if absent"),
  })
  .describe("An environment variable");

const toleration = z
  .object({
    key: text(317).optional().describe("Key of the taint; absent with `Exists`: every taint"),
    operator: z.enum(["Exists", "Equal"]).default("Equal").describe("How key and value are compared"),
    value: text(63).optional().describe("Value of the taint, for `Equal`"),
    effect: z
      .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
      .optional()
      .describe("Effect of the taint; absent: every effect"),
    tolerationSeconds: z.int().min(0).max(1e9).optional().describe("How long `NoExecute` is tolerated, in seconds"),
  })
  .describe("A taint that the pod tolerates, as in a pod");

export const containerSchema = z
  .object({
    image: text(512, { min: 1, pattern: /^[!-~]+$/ }).describe("Image to run"),
    command: z.array(text(4096)).max(64).optional().describe("Instead of the image's entrypoint"),
    args: z.array(text(4096)).max(64).optional().describe("Instead of the image's arguments"),
    env: listByKey(envVar, { key: "name", max: 64 })
      .optional()
      .describe("Environment variables, beside those that TrainTask sets"),
    workingDir: text(1024).optional().describe("Instead of the image's working directory"),
    resources: resourcesSchema.optional(),
    nodeSelector: boundedMap(labelKey, { value: labelValue, max: 16 })
      .optional()
      .describe("Labels that the pod's node must have"),
    tolerations: z.array(toleration).max(16).optional().describe("Taints that the pod tolerates"),
    model: z
      .object({ mediaType: text(128, { min: 3 }).describe("Media type of the model") })
      .optional()
      .describe("Announces that it uploads a model"),
  })
  .describe("A trainer of your own: any container");
