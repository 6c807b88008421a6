/** The sitemap: every call of the API, and the endpoint that answers it. */
import type { RequestHandler } from "express";
import type { Api } from "./api.ts";
import { addTask } from "./endpoints/add-task.ts";
import { cancelTask } from "./endpoints/cancel-task.ts";
import { createTask } from "./endpoints/create-task.ts";
import { deleteDataset } from "./endpoints/delete-dataset.ts";
import { deleteTask } from "./endpoints/delete-task.ts";
import { getCounts } from "./endpoints/get-counts.ts";
import { getDataset } from "./endpoints/get-dataset.ts";
import { getLogs } from "./endpoints/get-logs.ts";
import { getModel } from "./endpoints/get-model.ts";
import { getOpenApi } from "./endpoints/get-openapi.ts";
import { getReport } from "./endpoints/get-report.ts";
import { getStream } from "./endpoints/get-stream.ts";
import { getTask } from "./endpoints/get-task.ts";
import { getTrials } from "./endpoints/get-trials.ts";
import { healthz, readyz } from "./endpoints/health.ts";
import { listDatasets } from "./endpoints/list-datasets.ts";
import { listTasks } from "./endpoints/list-tasks.ts";
import { patchTask } from "./endpoints/patch-task.ts";
import { postProgress } from "./endpoints/post-progress.ts";
import { predict } from "./endpoints/predict.ts";
import { putChunk } from "./endpoints/put-chunk.ts";
import { putDataset } from "./endpoints/put-dataset.ts";
import { putModel } from "./endpoints/put-model.ts";
import { resumeTask } from "./endpoints/resume-task.ts";
import { runningTaskCount } from "./endpoints/running-task-count.ts";
import { suspendTask } from "./endpoints/suspend-task.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";

export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly endpoint: RequestHandler;
}

export function routes(api: Api): Route[] {
  return [
    { method: "get", path: "/AddTask", endpoint: addTask(api) },
    { method: "get", path: "/RunningTaskCount", endpoint: runningTaskCount(api) },

    { method: "post", path: "/v1/tasks", endpoint: createTask(api) },
    { method: "get", path: "/v1/tasks", endpoint: listTasks(api) },
    { method: "get", path: "/v1/tasks/:name", endpoint: getTask(api) },
    { method: "patch", path: "/v1/tasks/:name", endpoint: patchTask(api) },
    { method: "delete", path: "/v1/tasks/:name", endpoint: deleteTask(api) },
    { method: "post", path: "/v1/tasks/:name/cancel", endpoint: cancelTask(api) },
    { method: "post", path: "/v1/tasks/:name/suspend", endpoint: suspendTask(api) },
    { method: "post", path: "/v1/tasks/:name/resume", endpoint: resumeTask(api) },
    { method: "get", path: "/v1/tasks/:name/logs", endpoint: getLogs(api) },
    { method: "get", path: "/v1/tasks/:name/model", endpoint: getModel(api) },
    { method: "get", path: "/v1/tasks/:name/report", endpoint: getReport(api) },
    { method: "get", path: "/v1/tasks/:name/trials", endpoint: getTrials(api) },
    { method: "post", path: "/v1/tasks/:name/predict", endpoint: predict(api) },
    { method: "get", path: "/v1/counts", endpoint: getCounts(api) },

    { method: "put", path: "/v1/datasets", endpoint: putDataset(api) },
    { method: "get", path: "/v1/datasets", endpoint: listDatasets(api) },
    { method: "delete", path: "/v1/datasets/:digest", endpoint: deleteDataset(api) },

    // For the running attempt's pod alone, with its token.
    { method: "post", path: "/v1/tasks/:name/progress", endpoint: postProgress(api) },
    { method: "put", path: "/v1/tasks/:name/model", endpoint: putModel(api) },
    { method: "put", path: "/v1/tasks/:name/streams/:stream/:shard", endpoint: putChunk(api) },
    { method: "get", path: "/v1/tasks/:name/streams/:stream/:shard", endpoint: getStream(api) },
    { method: "get", path: "/v1/datasets/:digest", endpoint: getDataset(api) },

    { method: "get", path: "/openapi.json", endpoint: getOpenApi() },
    { method: "get", path: "/healthz", endpoint: healthz() },
    { method: "get", path: "/readyz", endpoint: readyz(api) },
  ];
}
