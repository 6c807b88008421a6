/** A trainer of the user's own: the parts of a pod that a task may choose. Everything else of the pod is ours. */
import * as z from "zod";
import { affinitySchema } from "./affinity.ts";
import { boundedMap, listByKey } from "./collections.ts";
import { volumeSchema } from "./container-volumes.ts";
import { resourcesSchema } from "./resources.ts";
import { dataKey, dnsSubdomain, labelKeyPattern, labelValuePattern, text } from "./text.ts";

const labelKey = text(317, { pattern: new RegExp(labelKeyPattern) });
const labelValue = text(63, { pattern: new RegExp(labelValuePattern) });
/** Empty is as if absent. */
const taintKey = text(317, { pattern: new RegExp(`^(|${labelKeyPattern.slice(1, -1)})$`) });

const secretKeyRef = z
  .object({
    name: dnsSubdomain.describe("Name of the secret; it begins with `traintask-`"),
    key: dataKey.describe("Its key"),
    optional: z.boolean().optional().describe("Whether the container starts without it; else it waits for it"),
  })
  .describe("A key of a secret in the task's namespace");

const envVar = z
  .object({
    name: text(256, { min: 1, pattern: /^[ -<>-~]+$/ }).describe("Name of the variable: printable ASCII without `=`"),
    value: text(32_768).optional().describe("Its value; empty if absent"),
    valueFrom: z.object({ secretKeyRef }).optional().describe("Where its value comes from, instead of `value`"),
  })
  .describe("An environment variable");

const toleration = z
  .object({
    key: taintKey.optional().describe("Key of the taint; absent with `Exists`: every taint"),
    operator: z.enum(["Exists", "Equal"]).default("Equal").describe("How key and value are compared"),
    value: labelValue.optional().describe("Value of the taint, for `Equal`"),
    effect: z
      .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
      .optional()
      .describe("Effect of the taint; absent: every effect"),
    tolerationSeconds: z.int().min(0).max(1e9).optional().describe("How long `NoExecute` is tolerated, in seconds"),
  })
  .describe("A taint that the pod tolerates, as in a pod");

/** `type/subtype`, with parameters or without, by the letters of RFC 9110. */
const mediaTypePattern = /^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+( ?; ?[A-Za-z0-9!#$&^_.+-]+=[A-Za-z0-9_.+-]+)*$/;

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
    runAsUser: z
      .int32()
      .min(1)
      .optional()
      .describe("Numeric user that the container runs as, and its group; never root. Default 65532"),
    nodeSelector: boundedMap(labelKey, { value: labelValue, max: 16 })
      .optional()
      .describe("Labels that the pod's node must have"),
    tolerations: z.array(toleration).max(16).optional().describe("Taints that the pod tolerates"),
    affinity: affinitySchema.optional(),
    volumes: listByKey(volumeSchema, { key: "mountPath", max: 16 })
      .optional()
      .describe("Volumes, beside those at `/tmp` and HOME that every trainer can write to"),
    model: z
      .object({ mediaType: text(128, { min: 3, pattern: mediaTypePattern }).describe("Media type of the model") })
      .optional()
      .describe("Announces that it uploads a model to $TRAINTASK_MODEL_URL; without one the task fails"),
  })
  .describe("A trainer of your own: any container");
export type ContainerSpec = z.output<typeof containerSchema>;
