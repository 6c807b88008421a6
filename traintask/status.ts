/**
 * Status of a TrainTask. Two writers own two parts of it: the API writes `trainerStatus`, `curve`, `score`, `left`,
 * `model`, `modelMissingInAttempt` and `logStored`; the operator writes everything else (and, with the task's end, the
 * last words of its pod: `trainerStatus`, `curve` and `score`, where they are newer; `left` goes then).
 * No floats: numbers with a fraction are strings with a pattern, so that every client reads back what was written.
 */
import * as z from "zod";
import { listByKey } from "./collections.ts";
import { conditionTypes, failureClasses, states } from "./reasons.ts";
import { text, timestamp } from "./text.ts";

const count = z.int32().min(0);

const metricSchema = z
  .object({
    name: text(64, { min: 1 }).describe("Name of the metric"),
    value: text(64).describe("Its value"),
  })
  .describe("A metric");

export const trainerStatusSchema = z
  .object({
    progressPercentage: z.int32().min(0).max(100).optional().describe("How much of the work is done, in percent"),
    estimatedRemainingSeconds: z.int32().min(0).max(1e9).optional().describe("Estimated time to the end, in seconds"),
    metrics: z.array(metricSchema).max(256).optional().describe("The latest metrics; as many as Kubeflow's SDK sends"),
    lastUpdatedTime: timestamp.describe("When the trainer said so"),
  })
  .describe("What the trainer last said of itself, in the shape of Kubeflow Trainer's trainerStatus");

export const curveSchema = text(20, { pattern: /^[▁▂▃▄▅▆▇█ ]*$/ }).describe(
  "The learning curve, at most 20 block characters",
);
export const scoreSchema = text(32).describe(
  "The main metric: held out if testFraction > 0, else out-of-bag (`acc 0.953`, `R2 0.41`)",
);

const conditionSchema = z
  .object({
    type: z.enum(conditionTypes).describe("What the condition says"),
    status: z.enum(["True", "False", "Unknown"]).describe("Whether it holds"),
    reason: text(64, { min: 1 }).describe("Why, in one word"),
    message: text(1024).optional().describe("Why, in a sentence"),
    lastTransitionTime: timestamp.describe("When status last changed"),
    observedGeneration: z.int().min(0).optional().describe("The generation of the spec that it was decided on"),
  })
  .describe("A condition, as in a Job");
export type Condition = z.infer<typeof conditionSchema>;

const failureSchema = z
  .object({
    class: z.enum(failureClasses).describe("What kind of failure it was"),
    exitCode: z.int32().optional().describe("Exit code of the container"),
    attempt: count.optional().describe("The attempt that failed last"),
    message: text(1024).describe("What went wrong"),
    advice: text(1024).optional().describe("What to do about it"),
    lastLines: z.array(text(400).describe("A line")).max(10).optional().describe("The last lines of the log"),
  })
  .describe("Why the task failed");
export type Failure = z.infer<typeof failureSchema>;

const queueStatus = z
  .object({
    position: z.int32().min(1).optional().describe("Place in the queue, the next one being 1"),
    estimatedStartTime: timestamp.optional().describe("When it will probably start"),
  })
  .describe("Where the task stands in its queue");

const modelSchema = z
  .object({
    digest: text(71, { pattern: /^sha256:[0-9a-f]{64}$/ }).describe("SHA-256 of the model file, as `sha256:<hex>`"),
    sizeBytes: z.int().min(0).describe("Size of the model file in bytes"),
    partial: z.boolean().describe("Whether trees are missing, because the task ended early"),
  })
  .describe("The sealed model");

export const statusSchema = z
  .object({
    observedGeneration: z.int().min(0).optional().describe("The generation of the spec that this status is of"),
    conditions: listByKey(conditionSchema, { key: "type", max: 16 })
      .optional()
      .describe("Admitted, Running, Suspended, Complete, Failed"),
    state: z.enum(states).optional().describe("One word, derived from conditions and the Job"),
    jobName: text(63).optional().describe("The Job of the current attempt"),
    attempt: count.optional().describe("The current attempt, counted from 1"),
    retries: count.optional().describe("Counted failures over all attempts"),
    memory: text(32).optional().describe("Memory limit of the next attempt, after an out-of-memory kill"),
    startTime: timestamp.optional().describe("When the first pod was first ready; never reset"),
    completionTime: timestamp.optional().describe("End of the last Job"),
    ranSeconds: z
      .int()
      .min(0)
      .optional()
      .describe("Seconds with Running true, over all attempts before the current one"),
    active: count.optional().describe("Pods that are pending or running"),
    ready: count.optional().describe("Pods that are ready"),
    succeeded: count.optional().describe("Pods that succeeded"),
    failed: count.optional().describe("Pods that failed"),
    queue: queueStatus.optional(),
    trainerStatus: trainerStatusSchema.optional(),
    curve: curveSchema.optional(),
    score: scoreSchema.optional(),
    left: text(16).optional().describe("Time left, for people: `2m10s`"),
    model: modelSchema.optional(),
    modelMissingInAttempt: count
      .optional()
      .describe("The attempt that ended well, but without uploading the model that it announced"),
    logStored: z.boolean().optional().describe("Whether the log is kept by the API"),
    failure: failureSchema.optional(),
  })
  .describe("Where the task stands");
export type TrainTaskStatus = z.infer<typeof statusSchema>;
