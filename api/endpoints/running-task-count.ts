/** `GET /RunningTaskCount`: the Flask program's call, text for text. Counts pods that run, not tasks that were sent. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { countTasks } from "../counts.ts";
import { countQuery, readQuery } from "../query.ts";

export function runningTaskCount(api: Pick<Api, "cache">): RequestHandler {
  return (request, response) => {
    const { namespace } = readQuery(request, countQuery);
    response.type("text/plain").send(`We have ${countTasks(api.cache, namespace).running} running tasks.`);
  };
}
