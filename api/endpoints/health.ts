/** `GET /healthz`: the process answers. `GET /readyz`: it has read all tasks and Jobs, so its counts are true. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { Problem } from "../problem.ts";

export function healthz(): RequestHandler {
  return (_request, response) => {
    response.type("text/plain").send("ok");
  };
}

export function readyz(api: Pick<Api, "cache">): RequestHandler {
  return (_request, response) => {
    if (!api.cache.synced)
      throw new Problem({ status: 503, detail: "The tasks have not been read yet.", headers: { "retry-after": "1" } });
    response.type("text/plain").send("ok");
  };
}
