/**
 * Spec of a TrainTask: the source of its TypeScript type, of the CRD, of the OpenAPI document and of the reference
 * page. Rules that compare fields stand in rules.ts; what a later version brings stands in later.ts.
 */
import { z } from "zod";

const resourceList = z
  .record(
    z.string().max(63),
    z
      .string()
      .regex(/^[0-9]+(\.[0-9]+)?(m|[kKMGTP]i?)?$/)
      .max(32),
  )
  .refine((list) => Object.keys(list).length <= 8)
  .meta({ maxProperties: 8 });

export const resourcesSchema = z
  .object({ requests: resourceList.optional(), limits: resourceList.optional() })
  .describe("Requests and limits of the trainer's pod, as in a container");

const columnName = z.string().min(1).max(256);

export const randomForestSchema = z
  .object({
    nEstimators: z.int32().min(1).max(100_000).default(100).describe("Number of trees"),
    maxDepth: z.int32().min(1).max(1000).optional().describe("Largest depth of a tree; unlimited if absent"),
    minSamplesSplit: z.int32().min(2).max(1_000_000).default(2).describe("Fewest rows of a node that may be split"),
    minSamplesLeaf: z.int32().min(1).max(1_000_000).default(1).describe("Fewest rows of a leaf"),
    maxFeatures: z
      .string()
      .max(16)
      .regex(/^(sqrt|log2|all|[1-9][0-9]{0,5}|([1-9][0-9]?|100)%)$/)
      .optional()
      .describe(
        "Columns tried at each split: `sqrt`, `log2`, `all`, `5`, `30%`; default sqrt for classes, all for numbers",
      ),
    maxSamples: z
      .string()
      .max(16)
      .regex(/^([1-9][0-9]{0,9}|([1-9][0-9]?|100)%)$/)
      .optional()
      .describe("Rows drawn for each tree when bootstrapping: `500`, `50%`; default all"),
    bootstrap: z.boolean().default(true).describe("Whether each tree draws its rows with replacement"),
  })
  .describe("A random forest");
export type RandomForestSpec = z.output<typeof randomForestSchema>;

const envVar = z.object({ name: z.string().min(1).max(256), value: z.string().max(32_768).optional() });

export const containerSchema = z
  .object({
    image: z.string().min(1).max(512).describe("Image to run"),
    command: z.array(z.string().max(4096)).max(64).optional(),
    args: z.array(z.string().max(4096)).max(64).optional(),
    env: z.array(envVar).max(64).optional(),
    workingDir: z.string().max(1024).optional(),
    resources: resourcesSchema.optional(),
    nodeSelector: z.record(z.string().max(317), z.string().max(63)).meta({ maxProperties: 16 }).optional(),
    tolerations: z
      .array(
        z.object({
          key: z.string().max(317).optional(),
          operator: z.enum(["Exists", "Equal"]).optional(),
          value: z.string().max(63).optional(),
          effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
          tolerationSeconds: z.int().min(0).optional(),
        }),
      )
      .max(16)
      .optional(),
    model: z
      .object({ mediaType: z.string().min(3).max(128) })
      .optional()
      .describe("Announces that it uploads a model"),
  })
  .describe("A trainer of your own: any container");
export type ContainerSpec = z.output<typeof containerSchema>;

/** Not supported yet, accepted by the schema so that the refusal can say so. */
const later = z.looseObject({}).meta({ "x-kubernetes-preserve-unknown-fields": true });

export const trainerSchema = z
  .object({
    randomForest: randomForestSchema.optional(),
    gradientBoosting: later.optional(),
    search: later.optional(),
    container: containerSchema.optional(),
  })
  .describe("What trains the model: exactly one of randomForest, container");
export type TrainerSpec = z.output<typeof trainerSchema>;

export const syntheticSchema = z
  .object({
    kind: z
      .enum(["uniform", "friedman1"])
      .default("uniform")
      .describe(
        "`uniform`: uniform random columns and a random 0/1 target; `friedman1`: Friedman's first regression problem",
      ),
    rows: z.int32().min(1).max(10_000_000).default(50),
    columns: z.int32().min(1).max(10_000).default(2),
    noise: z
      .string()
      .regex(/^[0-9]{1,6}(\.[0-9]{1,6})?$/)
      .default("0")
      .describe("Standard deviation of friedman1's noise"),
    seed: z.int().min(0).default(0),
  })
  .describe("Generated data, for trying things out");
export type SyntheticSpec = z.output<typeof syntheticSchema>;

export const columnSchema = z.object({
  name: columnName,
  type: z.enum(["number", "category", "ignore"]).describe("How the column is read"),
});

export const datasetSchema = z
  .object({
    csv: z.string().min(1).max(65_536).optional().describe("The table itself, at most 64 KiB"),
    uri: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe("`traintask://datasets/<digest>`, as PUT /v1/datasets answers"),
    synthetic: syntheticSchema.optional(),
    configMap: z.object({ name: z.string().max(253), key: z.string().max(253) }).optional(),
    volume: z.object({ claimName: z.string().max(253), path: z.string().max(1024) }).optional(),
    target: columnName.optional().describe("The column to predict; not needed for synthetic data"),
    problemType: z
      .enum(["classification", "regression"])
      .optional()
      .describe("Default: a text target is classification, a numeric one regression"),
    testFraction: z
      .string()
      .regex(/^0(\.[0-9]{1,6})?$/)
      .default("0")
      .describe("Share of rows that are never trained on, only scored; seeded and stratified"),
    columns: z
      .array(columnSchema)
      .max(10_000)
      .optional()
      .describe("Types of columns; the others are decided from the data"),
    weight: columnName.optional().describe("A column of row weights"),
    format: z
      .object({
        separator: z.string().min(1).max(1).optional(),
        decimal: z.string().min(1).max(1).optional(),
        quote: z.string().min(1).max(1).optional(),
      })
      .optional(),
  })
  .describe("Where the data comes from (exactly one of csv, uri, synthetic) and what is predicted");
export type DatasetSpec = z.output<typeof datasetSchema>;

export const specSchema = z.object({
  trainer: trainerSchema,
  resources: resourcesSchema.optional(),
  dataset: datasetSchema.optional().describe("The data; required by built-in trainers"),
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe("Same spec, data and seed: same model, byte for byte"),
  shards: z.int32().min(1).max(1000).default(1).describe("Pods that grow one forest in parallel"),
  queue: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
    .default("default")
    .describe("Name of the TrainQueue"),
  priority: z
    .int32()
    .min(-1_000_000_000)
    .max(1_000_000_000)
    .default(0)
    .describe("Higher goes first; may change while queued"),
  suspend: z.boolean().default(false).describe("Pause and keep the progress"),
  cancel: z.boolean().default(false).describe("Stop gracefully and keep the partial model; cannot be taken back"),
  backoffLimit: z.int32().min(0).max(1000).default(3).describe("Retries before the task fails"),
  activeDeadlineSeconds: z
    .int()
    .min(1)
    .max(1e9)
    .optional()
    .describe("Longest run time in seconds, summed over attempts and suspensions"),
  preRunningDeadlineSeconds: z
    .int()
    .min(1)
    .max(1e9)
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
  managedBy: z.string().max(63).optional().describe("Another controller that manages this task"),
});
export type TrainTaskSpec = z.output<typeof specSchema>;
