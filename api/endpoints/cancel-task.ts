/** `POST /v1/tasks/{name}/cancel`: stops the task gracefully and keeps its partial model. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { switches, switchTask } from "../task-switch.ts";

export function cancelTask(api: Pick<Api, "client" | "cache" | "clock" | "artifacts">): RequestHandler {
  return switchTask(api, switches.cancel);
}
