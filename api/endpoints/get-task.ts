/** `GET /v1/tasks/{name}`: the task, its status as true as can be. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { sendDocument } from "../document.ts";
import { presentTask } from "../present.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";
import { getTrainTask } from "../task-access.ts";

export function getTask(api: Pick<Api, "client" | "cache" | "clock" | "artifacts">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const task = await getTrainTask(api, taskKey(request, namespace));
    sendDocument(request, response, await presentTask(api, request, task));
  };
}
