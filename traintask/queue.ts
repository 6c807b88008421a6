/** The TrainQueue: how many of the tasks that name it may run at once, and who serves it. */
import * as z from "zod";
import { apiVersion, defaultControllerName } from "./names.ts";
import { text } from "./text.ts";
import { metadataSchema } from "./metadata.ts";

const count = z.int32().min(0);

export const queueSpecSchema = z
  .object({
    controllerName: text(253, {
      min: 1,
      pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(\/[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?)?$/,
    })
      .default(defaultControllerName)
      .describe("The operator that serves this queue"),
    maxRunning: count
      .max(1_000_000)
      .optional()
      .describe("Tasks that may hold a slot at once; 0 admits none; default: the operator's setting"),
    maxRunningPerNamespace: count.max(1_000_000).optional().describe("The same for the tasks of one namespace"),
    stopPolicy: z
      .enum(["None", "Hold", "HoldAndDrain"])
      .default("None")
      .describe("`Hold` admits nothing more, `HoldAndDrain` suspends what runs as well"),
  })
  .describe("What the queue allows");
export type TrainQueueSpec = z.output<typeof queueSpecSchema>;

export const queueStatusSchema = z
  .object({
    observedGeneration: z.int().min(0).optional().describe("The generation of the spec that these counts are of"),
    queued: count.optional().describe("Tasks that wait for a slot"),
    running: count.optional().describe("Tasks that hold a slot"),
  })
  .describe("The counts, as the operator last saw them");
export type TrainQueueStatus = z.infer<typeof queueStatusSchema>;

export const trainQueueSchema = z.object({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("TrainQueue"),
  metadata: metadataSchema.omit({ namespace: true }),
  spec: queueSpecSchema.prefault({}),
  status: queueStatusSchema.prefault({}),
});
/** A queue as it stands in the API server, defaults applied. */
export type TrainQueue = z.output<typeof trainQueueSchema>;
