/** What a training pod says of itself: its progress while it runs, and its last word (contract.ts says where). */
import * as z from "zod";
import { curveSchema, scoreSchema, trainerStatusSchema } from "./status.ts";

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
