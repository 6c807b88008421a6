/** `DELETE /v1/tasks/{name}`: the task and all that belongs to it; its pods are stopped. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";
import { noSuchTask } from "../task-access.ts";
import { trainTasks } from "../../traintask/names.ts";

export function deleteTask(api: Pick<Api, "client">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const key = taskKey(request, namespace);
    try {
      await api.client.delete(trainTasks, key, { propagationPolicy: "Background" });
    } catch (error) {
      throw noSuchTask(error, key);
    }
    response.status(204).end();
  };
}
