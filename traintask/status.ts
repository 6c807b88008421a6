/**
 * Status of a TrainTask. Two writers own two parts of it: the API writes `trainerStatus`, `curve`, `score`, `left`,
 * `model` and `logStored`; the operator writes everything else (and, once, the final `trainerStatus` and `score`).
 * No floats: numbers with a fraction are strings with a pattern, so that every client reads back what was written.
 */
import { z } from "zod";
import { conditionTypes, failureClasses, states } from "./reasons.ts";

const timestamp = z.iso.datetime({ offset: true }).meta({ format: "date-time" });
const count = z.int32().min(0);

export const trainerStatusSchema = z
  .object({
    progressPercentage: z.int().min(0).max(100).optional().describe("How much of the work is done, in percent"),
    estimatedRemainingSeconds: z.int().min(0).max(1e9).optional().describe("Estimated time to the end, in seconds"),
    metrics: z
      .array(z.object({ name: z.string().min(1).max(64), value: z.string().max(64) }))
      .max(64)
      .optional()
      .describe("The latest metrics"),
    lastUpdatedTime: timestamp.describe("When the trainer said so"),
  })
  .describe("What the trainer last said of itself, in the shape of Kubeflow Trainer's trainerStatus");
export type TrainerStatus = z.infer<typeof trainerStatusSchema>;

export const curveSchema = z
  .string()
  .max(20)
  .regex(/^[▁▂▃▄▅▆▇█ ]*$/)
  .describe("The learning curve, at most 20 block characters");
export const scoreSchema = z
  .string()
  .max(32)
  .describe("The main metric: held out if testFraction > 0, else out-of-bag (`acc 0.953`, `R2 0.41`)");

export const conditionSchema = z.object({
  type: z.enum(conditionTypes),
  status: z.enum(["True", "False", "Unknown"]),
  reason: z.string().min(1).max(64),
  message: z.string().max(1024).optional(),
  lastTransitionTime: timestamp,
  observedGeneration: z.int().min(0).optional(),
});
export type Condition = z.infer<typeof conditionSchema>;

export const failureSchema = z
  .object({
    class: z.enum(failureClasses),
    exitCode: z.int32().optional(),
    attempt: z.int32().min(0).optional(),
    message: z.string().max(1024),
    advice: z.string().max(1024).optional().describe("What to do about it"),
    lastLines: z.array(z.string().max(400)).max(10).optional().describe("The last lines of the log"),
  })
  .describe("Why the task failed");
export type Failure = z.infer<typeof failureSchema>;

export const statusSchema = z.object({
  observedGeneration: z.int().min(0).optional(),
  conditions: z.array(conditionSchema).max(16).optional(),
  state: z.enum(states).optional().describe("One word, derived from conditions and the Job"),
  jobName: z.string().max(63).optional().describe("The Job of the current attempt"),
  attempt: z.int32().min(0).optional().describe("The current attempt, counted from 1"),
  retries: z.int32().min(0).optional().describe("Counted failures over all attempts"),
  memory: z.string().max(32).optional().describe("Memory limit of the next attempt, after an out-of-memory kill"),
  startTime: timestamp.optional().describe("When the first pod was first ready; never reset"),
  completionTime: timestamp.optional().describe("End of the last Job"),
  ranSeconds: z.int().min(0).optional().describe("Seconds with Running true, over all attempts before the current one"),
  active: count.optional(),
  ready: count.optional(),
  succeeded: count.optional(),
  failed: count.optional(),
  queue: z
    .object({
      position: z.int32().min(1).optional().describe("Place in the queue, the next one being 1"),
      estimatedStartTime: timestamp.optional(),
    })
    .optional(),
  trainerStatus: trainerStatusSchema.optional(),
  curve: curveSchema.optional(),
  score: scoreSchema.optional(),
  left: z.string().max(16).optional().describe("Time left, for people: `2m10s`"),
  model: z
    .object({
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      sizeBytes: z.int().min(0),
      partial: z.boolean(),
    })
    .optional()
    .describe("The sealed model"),
  logStored: z.boolean().optional().describe("Whether the log is kept by the API"),
  failure: failureSchema.optional(),
});
export type TrainTaskStatus = z.infer<typeof statusSchema>;
