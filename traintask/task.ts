/** The two resources as whole objects, and how an object from the outside becomes one. */
import { z } from "zod";
import { apiVersion } from "./names.ts";
import { specSchema } from "./spec.ts";
import { statusSchema } from "./status.ts";

/** The part of Kubernetes' ObjectMeta that we read. Other fields are kept as they are. */
export const metadataSchema = z.looseObject({
  name: z.string(),
  namespace: z.string().default("default"),
  uid: z.string(),
  resourceVersion: z.string().optional(),
  generation: z.int().optional(),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

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
