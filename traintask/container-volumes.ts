/**
 * Volumes of a container: the kinds that lead neither to the node nor out of the namespace. A volume has no name of its
 * own: it is known by where it is mounted.
 */
import * as z from "zod";
import { quantity } from "./resources.ts";
import { dataKey, dnsSubdomain, text } from "./text.ts";

/** Absolute, without `.`, `..`, empty parts or a slash at the end, so that equal paths are written alike. */
export const mountPathPattern = "^(/[.]{0,2}[-_A-Za-z0-9][-_.A-Za-z0-9]*)+$";
const filePathPattern = "^[.]?[-_A-Za-z0-9][-_.A-Za-z0-9]*(/[.]?[-_A-Za-z0-9][-_.A-Za-z0-9]*)*$";

const items = z
  .array(
    z
      .object({
        key: dataKey.describe("The key"),
        path: text(256, { min: 1, pattern: new RegExp(filePathPattern) }).describe("Its file, relative to the mount"),
      })
      .describe("A key and its file"),
  )
  .max(64)
  .optional()
  .describe("The keys that become files; default: all, each by its name");

export const volumeSchema = z
  .object({
    mountPath: text(256, { min: 1, pattern: new RegExp(mountPathPattern) }).describe(
      "Where the container sees it: absolute, not one of the paths that TrainTask uses",
    ),
    readOnly: z.boolean().default(false).describe("Whether the container may only read it"),
    emptyDir: z
      .object({
        medium: z.enum(["Memory"]).optional().describe("`Memory`: files count as the container's memory"),
        sizeLimit: quantity.optional().describe("Most that may be stored in it: `2Gi`"),
      })
      .optional()
      .describe("A folder that lives as long as the pod"),
    configMap: z
      .object({ name: dnsSubdomain.describe("Name of the ConfigMap"), items })
      .optional()
      .describe("A ConfigMap of the task's namespace as files"),
    secret: z
      .object({ secretName: dnsSubdomain.describe("Name of the secret; it begins with `traintask-`"), items })
      .optional()
      .describe("A secret of the task's namespace as files"),
    persistentVolumeClaim: z
      .object({ claimName: dnsSubdomain.describe("Name of the claim") })
      .optional()
      .describe("A claim of the task's namespace"),
  })
  .describe("A volume, of exactly one kind: emptyDir, configMap, secret or persistentVolumeClaim");
export type VolumeSpec = z.output<typeof volumeSchema>;
