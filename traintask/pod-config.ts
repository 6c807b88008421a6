/** What the operator tells a built-in trainer: the file at `env.config` (contract.ts). */
import * as z from "zod";
import { datasetSchema } from "./dataset.ts";
import { searchSchema } from "./search.ts";
import { gradientBoostingSchema, randomForestSchema } from "./trainers.ts";

export const podConfigSchema = z.object({
  // Loose: another trainer is kept, so that it can be refused by name. The container's schema would take time to make in
  // each pod, and built-in trainers have none.
  trainer: z.looseObject({
    randomForest: randomForestSchema.optional(),
    gradientBoosting: gradientBoostingSchema.optional(),
    search: searchSchema.optional(),
  }),
  dataset: datasetSchema,
  seed: z.int(),
  /** Bytes that a model may have (a setting of the API). */
  maxModelBytes: z.int(),
  /** Whether `dataset.uri` may lead to addresses that are not public (a setting of the operator). */
  allowPrivateAddresses: z.boolean().default(false),
  /** By which schema the writer has checked all this: its digest (pod-config-digest.ts). */
  checkedBy: z.string().optional(),
});
export type PodConfig = z.output<typeof podConfigSchema>;
