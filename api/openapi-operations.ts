/** What each call of the sitemap does, takes and answers; a test holds this table and routes.ts together. */
import type { z } from "zod";
import { createTaskQuery } from "./endpoints/create-task.ts";
import { getLogsQuery } from "./endpoints/get-logs.ts";
import { getModelQuery } from "./endpoints/get-model.ts";
import { getStreamQuery } from "./endpoints/get-stream.ts";
import { getTrialsQuery } from "./endpoints/get-trials.ts";
import { listTasksQuery } from "./endpoints/list-tasks.ts";
import { putChunkQuery } from "./endpoints/put-chunk.ts";
import { putDatasetQuery } from "./endpoints/put-dataset.ts";
import { ref } from "./openapi-schemas.ts";
import type { Json } from "./openapi-schemas.ts";
import { countQuery, taskQuery } from "./query.ts";

export interface Operation {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly headers?: readonly { readonly name: string; readonly description: string; readonly required?: true }[];
  /** Schemas by media type. */
  readonly body?: Readonly<Record<string, Json>>;
  /** The answer when all is well: status and schemas by media type. */
  readonly status: number;
  readonly answer?: Readonly<Record<string, Json>>;
}

const text = { "text/plain": { type: "string" } };
const bytes = { type: "string", contentMediaType: "application/octet-stream" };
const both = (schema: Json): Record<string, Json> => ({ "application/json": schema, "application/yaml": schema });
const task = { query: taskQuery, status: 200, answer: both(ref("TrainTask")) };

export const operations: Readonly<Record<string, Operation>> = {
  "get /AddTask": { summary: "Submit a task from the server's template; answers `Success`", status: 200, answer: text },
  "get /RunningTaskCount": { summary: "`We have N running tasks.`", query: countQuery, status: 200, answer: text },
  "post /v1/tasks": {
    summary: "Create a task; answers when it is durable",
    query: createTaskQuery,
    headers: [
      {
        name: "Idempotency-Key",
        description: "The same key and body again: the first answer again; another body: 422",
      },
    ],
    body: both(ref("NewTrainTask")),
    status: 201,
    answer: both(ref("TrainTask")),
  },
  "get /v1/tasks": {
    summary: "List tasks by name; inline tables are left out",
    query: listTasksQuery,
    status: 200,
    answer: both(ref("TrainTaskList")),
  },
  "get /v1/tasks/{name}": { summary: "The task, with its live status", ...task },
  "patch /v1/tasks/{name}": {
    summary: "Change the spec by a JSON merge patch",
    ...task,
    body: { "application/merge-patch+json": ref("TrainTaskPatch"), ...both(ref("TrainTaskPatch")) },
  },
  "delete /v1/tasks/{name}": { summary: "Delete the task, its pods and its artifacts", query: taskQuery, status: 204 },
  "post /v1/tasks/{name}/cancel": {
    summary: "Stop gracefully and keep the partial model; cannot be taken back",
    ...task,
  },
  "post /v1/tasks/{name}/suspend": { summary: "Pause and keep the progress", ...task },
  "post /v1/tasks/{name}/resume": { summary: "Go on after a suspension", ...task },
  "get /v1/tasks/{name}/logs": {
    summary: "The log, live and after the pod is gone",
    query: getLogsQuery,
    status: 200,
    answer: text,
  },
  "get /v1/tasks/{name}/model": {
    summary: "The sealed model; ETag is its digest; 409 before sealing",
    query: getModelQuery,
    status: 200,
    answer: { "application/jsonl": bytes, "application/json": { type: "object" } },
  },
  "get /v1/tasks/{name}/report": {
    summary: "Scores, importances and warnings; 404 says why there is none",
    query: taskQuery,
    status: 200,
    answer: { "application/json": { type: "object" } },
  },
  "get /v1/tasks/{name}/trials": {
    summary: "The pipelines that a search has tried so far, a line each; 404 for a task that is no search",
    query: getTrialsQuery,
    status: 200,
    answer: { "application/jsonl": ref("Trial"), "text/csv": { type: "string" } },
  },
  "post /v1/tasks/{name}/predict": {
    summary: "Predict rows with the sealed model",
    query: taskQuery,
    body: { "application/json": ref("Rows"), "text/csv": { type: "string" } },
    status: 200,
    answer: { "application/json": ref("Predictions") },
  },
  "get /v1/counts": {
    summary: "How many tasks are in each state",
    query: countQuery,
    status: 200,
    answer: { "application/json": ref("Counts") },
  },
  "put /v1/datasets": {
    summary: "Store a table; tasks name it by the answer's `uri`",
    query: putDatasetQuery,
    body: { "text/csv": { type: "string" }, "application/gzip": bytes, "application/zstd": bytes },
    status: 201,
    answer: both(ref("Dataset")),
  },
  "get /v1/datasets": {
    summary: "The datasets of a namespace",
    query: taskQuery,
    status: 200,
    answer: both(ref("DatasetList")),
  },
  "delete /v1/datasets/{digest}": {
    summary: "Delete a dataset; 409 while a task that has not ended names it",
    query: taskQuery,
    status: 204,
  },
  "post /v1/tasks/{name}/progress": {
    summary: "The trainer's word, as Kubeflow's TrainJob clients send it",
    query: taskQuery,
    body: { "application/json": ref("Progress") },
    status: 200,
    answer: { "application/json": { type: "object" } },
  },
  "put /v1/tasks/{name}/model": {
    summary: "Store the model of a container that announces one; again with the same bytes: the same answer",
    query: taskQuery,
    headers: [{ name: "Content-Digest", description: "`sha-256=:<base64>:` of the model (RFC 9530)" }],
    body: { "application/octet-stream": bytes },
    status: 200,
    answer: { "application/json": ref("StoredModel") },
  },
  "put /v1/tasks/{name}/streams/{stream}/{shard}": {
    summary: "Store a chunk of model, trials, report or log",
    query: putChunkQuery,
    headers: [{ name: "Content-Digest", description: "`sha-256=:<base64>:` of the chunk (RFC 9530)", required: true }],
    body: { "application/octet-stream": bytes },
    status: 200,
    answer: { "application/json": ref("ChunkAnswer") },
  },
  "get /v1/tasks/{name}/streams/{stream}/{shard}": {
    summary: "What is stored of a stream",
    query: getStreamQuery,
    status: 200,
    answer: { "application/octet-stream": bytes },
  },
  "get /v1/datasets/{digest}": {
    summary: "The table that the pod's task names",
    query: taskQuery,
    status: 200,
    answer: { "text/csv": { type: "string" } },
  },
  "get /openapi.json": { summary: "This document", status: 200, answer: { "application/json": { type: "object" } } },
  "get /healthz": { summary: "Whether the process answers", status: 200, answer: text },
  "get /readyz": { summary: "Whether it has read all tasks, so that its counts are true", status: 200, answer: text },
};
