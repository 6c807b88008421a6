/** Schemas of what goes in and comes out, from the Zod schemas that check it where there is one. */
import * as z from "zod";
import { chunkAnswerSchema } from "../traintask/chunk-answer.ts";
import { progressSchema } from "../traintask/progress.ts";
import { apiVersion, trainTasks } from "../traintask/names.ts";
import { specSchema } from "../traintask/spec.ts";
import { statusSchema } from "../traintask/status.ts";
import { trialSchema } from "../traintask/trials.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A Zod schema as JSON Schema 2020-12, which OpenAPI 3.1 speaks. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

export function ref(name: keyof typeof schemas): Json {
  return { $ref: `#/components/schemas/${name}` };
}

const text = { type: "string" } as const;
const count = { type: "integer", minimum: 0 } as const;
const object = (properties: Json, required: readonly string[] = Object.keys(properties)): Json => ({
  type: "object",
  properties,
  required,
});

const versions = { tasks: text, jobs: text };

const metadata = {
  type: "object",
  description: "Kubernetes' ObjectMeta: name or generateName or neither, namespace, labels, annotations",
  properties: {
    name: { ...text, maxLength: 63 },
    generateName: text,
    namespace: text,
    labels: { type: "object", additionalProperties: text },
  },
} as const;

const task = (spec: Json): Json => ({
  apiVersion: { const: apiVersion },
  kind: { const: trainTasks.kind },
  metadata,
  spec,
});
const states = ["queued", "starting", "running", "finishing", "suspended", "succeeded", "failed", "cancelled", "total"];
const links = ["self", "progress", "logs", "model", "report", "predict", "cancel", "suspend", "resume"];
const link = { ...text, format: "uri" };

export const schemas = {
  TrainTaskSpec: jsonSchema(specSchema, "input"),
  TrainTaskStatus: jsonSchema(statusSchema, "output"),
  NewTrainTask: object(task({ $ref: "#/components/schemas/TrainTaskSpec" }), ["spec"]),
  TrainTask: object({
    ...task({ $ref: "#/components/schemas/TrainTaskSpec" }),
    status: { $ref: "#/components/schemas/TrainTaskStatus" },
    links: object({ ...Object.fromEntries(links.map((name) => [name, link])), trials: link }, links),
  }),
  TrainTaskPatch: object({ spec: { type: "object", description: "A merge patch of the spec: null removes a field" } }),
  TrainTaskList: object({
    apiVersion: text,
    kind: { const: "TrainTaskList" },
    metadata: object({ resourceVersion: text, continue: text, remainingItemCount: count }, ["resourceVersion"]),
    items: { type: "array", items: { $ref: "#/components/schemas/TrainTask" } },
  }),
  StoredModel: object({ digest: text, sizeBytes: count }),
  Counts: object({
    ...Object.fromEntries(states.map((state) => [state, count])),
    resourceVersions: object(
      {
        ...versions,
        namespaces: {
          type: "object",
          description: "Where several namespaces are watched and none is asked about: each one's own versions",
          additionalProperties: object(versions),
        },
      },
      Object.keys(versions),
    ),
    asOf: { ...text, format: "date-time" },
  }),
  Rows: object({
    rows: {
      type: "array",
      items: { type: "object", additionalProperties: { type: ["number", "string", "boolean", "null"] } },
    },
  }),
  Predictions: object({
    predictions: {
      type: "array",
      items: {
        oneOf: [
          object({ label: text, probabilities: { type: "object", additionalProperties: { type: "number" } } }),
          object({ value: { type: "number" } }),
        ],
      },
    },
  }),
  Dataset: object({
    digest: { ...text, pattern: "^sha256:[0-9a-f]{64}$" },
    uri: text,
    sizeBytes: count,
    rows: count,
    columns: { type: "array", items: object({ name: text, type: { enum: ["number", "category", "ignore"] } }) },
  }),
  DatasetList: object({ items: { type: "array", items: { $ref: "#/components/schemas/Dataset" } } }),
  Trial: jsonSchema(trialSchema, "output"),
  Progress: jsonSchema(progressSchema, "input"),
  ChunkAnswer: jsonSchema(chunkAnswerSchema, "output"),
  Problem: {
    ...object(
      {
        type: text,
        title: text,
        status: { type: "integer" },
        detail: { ...text, description: "What was wrong and what to do" },
        errors: {
          type: "array",
          items: object(
            {
              pointer: { ...text, description: "JSON pointer into the body" },
              parameter: text,
              header: text,
              detail: text,
            },
            ["detail"],
          ),
        },
      },
      ["type", "title", "status", "detail"],
    ),
    description: "A problem document (RFC 9457)",
  },
} as const satisfies Record<string, Json>;
