/** `PATCH /v1/tasks/{name}`: a JSON merge patch (RFC 7396) of `spec`, and of nothing else. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { readDocument, sendDocument } from "../document.ts";
import { isFields } from "../manifest.ts";
import { presentTask } from "../present.ts";
import { pointer, Problem } from "../problem.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";
import { patchSpec } from "../task-access.ts";

export function patchTask(api: Pick<Api, "client" | "cache" | "clock" | "artifacts">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const key = taskKey(request, namespace);
    const { value } = await readDocument(request, api.clock);
    const task = await patchSpec(api, key, specOf(value));
    sendDocument(request, response, await presentTask(api, request, task));
  };
}

function specOf(value: unknown): object {
  if (!isFields(value) || !isFields(value["spec"]))
    throw new Problem({
      status: 400,
      detail: 'The body must be a merge patch of the spec: {"spec": {...}}.',
      errors: [{ pointer: isFields(value) ? "/spec" : "", detail: "must be an object" }],
    });
  const others = Object.keys(value).filter((name) => name !== "spec");
  if (others.length > 0)
    throw new Problem({
      status: 400,
      detail: "Only the spec of a task can be patched.",
      errors: others.map((name) => ({ pointer: pointer([name]), detail: "cannot be patched" })),
    });
  return value["spec"];
}
