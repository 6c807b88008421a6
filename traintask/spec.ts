/**
 * Spec of a TrainTask: the source of its TypeScript type, of the CRD, of the OpenAPI document and of the reference
 * page. Rules that compare fields stand in rules.ts; what a later version brings stands in later.ts.
 */
import * as z from "zod";
import { containerSchema } from "./container.ts";
import { datasetSchema } from "./dataset.ts";
import { defaultQueueName } from "./names.ts";
import { resourcesSchema } from "./resources.ts";
import { searchSchema } from "./search.ts";
import { dnsLabel, text } from "./text.ts";
import { gradientBoostingSchema, randomForestSchema } from "./trainers.ts";

const seconds = z.int32().min(1).max(1e9);

export const trainerSchema = z
  .object({
    randomForest: randomForestSchema.optional(),
    gradientBoosting: gradientBoostingSchema.optional(),
    search: searchSchema.optional(),
    container: containerSchema.optional(),
  })
  .describe("What trains the model: exactly one of randomForest, gradientBoosting, search, container");

export const specSchema = z
  .object({
    trainer: trainerSchema,
    resources: resourcesSchema.optional(),
    dataset: datasetSchema.optional().describe("The data; required by built-in trainers"),
    seed: z
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .default(0)
      .describe("Same spec, data and seed: same model, byte for byte"),
    shards: z
      .int32()
      .min(1)
      .max(1000)
      .default(1)
      .describe("Pods that grow one forest in parallel: tree i is grown by pod i mod shards; randomForest only"),
    queue: dnsLabel.default(defaultQueueName).describe("Name of the TrainQueue"),
    priority: z
      .int32()
      .min(-1_000_000_000)
      .max(1_000_000_000)
      .default(0)
      .describe("Higher goes first; may change while queued"),
    suspend: z.boolean().default(false).describe("Pause and keep the progress"),
    cancel: z.boolean().default(false).describe("Stop gracefully and keep the partial model; cannot be taken back"),
    backoffLimit: z.int32().min(0).max(1000).default(3).describe("Retries before the task fails"),
    activeDeadlineSeconds: seconds
      .optional()
      .describe("Longest run time in seconds, summed over attempts and suspensions"),
    preRunningDeadlineSeconds: seconds
      .default(3600)
      .describe("Longest time from admission to the first ready pod, in seconds"),
    ttlSecondsAfterFinished: z
      .int32()
      .min(0)
      .optional()
      .describe("Seconds after its end until the task and its artifacts are deleted"),
    terminationGracePeriodSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(60)
      .describe("Time to save the work after SIGTERM, in seconds"),
    managedBy: text(63).optional().describe("Another controller that manages this task. Not supported yet"),
  })
  .describe("What is trained, on which data, and when");
export type TrainTaskSpec = z.output<typeof specSchema>;
