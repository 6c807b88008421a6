/** A trainer of the user's own: the parts of a pod that a task may choose. */
import { z } from "zod";
import { resourcesSchema } from "./resources.ts";
import { labelKeyPattern, labelValuePattern, text } from "./text.ts";

const envVar = z.object({
  name: text(256, { min: 1, pattern: /^[ -<>-~]+$/ }).describe("Name of the variable: printable ASCII without `=`"),
  value: text(32_768).optional().describe("Its value; empty if absent"),
});

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
    env: z
      .array(envVar.describe("An environment variable"))
      .max(64)
      .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, "names must be unique")
      .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] })
      .optional()
      .describe("Environment variables, beside those that TrainTask sets"),
    workingDir: text(1024).optional().describe("Instead of the image's working directory"),
    resources: resourcesSchema.optional(),
    nodeSelector: z
      .record(text(317, { pattern: new RegExp(labelKeyPattern) }), text(63, { pattern: new RegExp(labelValuePattern) }))
      .refine((selector) => Object.keys(selector).length <= 16, "at most 16 entries")
      .meta({ maxProperties: 16 })
      .optional()
      .describe("Labels that the pod's node must have"),
    tolerations: z.array(toleration).max(16).optional().describe("Taints that the pod tolerates"),
    model: z
      .object({ mediaType: text(128, { min: 3 }).describe("Media type of the model") })
      .optional()
      .describe("Announces that it uploads a model"),
  })
  .describe("A trainer of your own: any container");
export type ContainerSpec = z.output<typeof containerSchema>;
