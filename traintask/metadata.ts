/** The part of Kubernetes' ObjectMeta that we read. Other fields are kept as they are. */
import * as z from "zod";

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
