/** The TrainTask as a whole object: a model to train, and how far that is. parse.ts makes one of what is stored. */
import * as z from "zod";
import { apiVersion } from "./names.ts";
import { metadataSchema } from "./metadata.ts";
import { specSchema } from "./spec.ts";
import { statusSchema } from "./status.ts";

export const trainTaskSchema = z.object({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("TrainTask"),
  metadata: metadataSchema,
  spec: specSchema,
  status: statusSchema.default({ state: "Queued" }),
});
/** A task as it stands in the API server, defaults applied. */
export type TrainTask = z.output<typeof trainTaskSchema>;
/** A task as a person writes it. */
export type TrainTaskManifest = Pick<z.input<typeof trainTaskSchema>, "apiVersion" | "kind" | "spec"> & {
  metadata?: { name?: string; generateName?: string; namespace?: string; labels?: Record<string, string> };
};
