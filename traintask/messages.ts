/** What a training pod and the rest of the system tell each other, as schemas; contract.ts says where and under which names. */
import * as z from "zod";
import { datasetSchema, trainerSchema } from "./spec.ts";
import { curveSchema, scoreSchema, trainerStatusSchema } from "./status.ts";

/** Answer to a stored chunk. 409 carries the true `length` in the problem document's `length` member. */
export const chunkAnswerSchema = z.object({
  length: z.int().min(0).describe("Length of the stream in bytes after this chunk"),
  open: z.array(z.int().min(0)).describe("Shards whose part of this stream is not done yet"),
});
export type ChunkAnswer = z.infer<typeof chunkAnswerSchema>;

/** What the operator tells a built-in trainer: the file at `env.config`. */
export const podConfigSchema = z.object({
  trainer: trainerSchema,
  dataset: datasetSchema,
  seed: z.int(),
  /** Bytes that a model may have (a setting of the API). */
  maxModelBytes: z.int(),
  /** Whether `dataset.uri` may lead to addresses that are not public (a setting of the operator). */
  allowPrivateAddresses: z.boolean().default(false),
});
export type PodConfig = z.output<typeof podConfigSchema>;

/** Body of POST progress. Kubeflow's clients send `trainerStatus` alone. */
export const progressSchema = z.object({
  trainerStatus: trainerStatusSchema,
  curve: curveSchema.optional(),
  score: scoreSchema.optional(),
});
export type Progress = z.infer<typeof progressSchema>;

/** The termination message (at most 4096 bytes of JSON): the last word of a pod, true even when the API was down. */
export const terminationSchema = z.object({
  trainerStatus: trainerStatusSchema.optional(),
  curve: curveSchema.optional(),
  score: scoreSchema.optional(),
  failure: z
    .object({
      class: z.string().max(64).describe("A failure class of reasons.ts"),
      message: z.string().max(1024),
      advice: z.string().max(1024).optional(),
    })
    .optional(),
});
export type Termination = z.infer<typeof terminationSchema>;
