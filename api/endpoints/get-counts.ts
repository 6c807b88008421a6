/** `GET /v1/counts`: how many tasks are in each state, and as of when. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { countTasks } from "../counts.ts";
import { countQuery, readQuery } from "../query.ts";

export function getCounts(api: Pick<Api, "cache" | "clock">): RequestHandler {
  return (request, response) => {
    const { namespace } = readQuery(request, countQuery);
    response.json({
      ...countTasks(api.cache, namespace),
      resourceVersions: api.cache.resourceVersions(namespace),
      asOf: new Date(api.clock.now()).toISOString(),
    });
  };
}
