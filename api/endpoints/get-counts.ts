/** `GET /v1/counts`: how many tasks are in each state, and as of when. */
import type { RequestHandler } from "express";
import { z } from "zod";
import type { Api } from "../api.ts";
import { countTasks } from "../counts.ts";
import { readQuery } from "../query.ts";

export function getCounts(api: Pick<Api, "cache" | "clock">): RequestHandler {
  return (request, response) => {
    readQuery(request, z.strictObject({}));
    response.json({
      ...countTasks(api.cache),
      resourceVersions: api.cache.resourceVersions,
      asOf: new Date(api.clock.now()).toISOString(),
    });
  };
}
