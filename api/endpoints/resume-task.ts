/** `POST /v1/tasks/{name}/resume`: lets a suspended task go on where it was. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { switches, switchTask } from "../task-switch.ts";

export function resumeTask(api: Pick<Api, "client" | "cache" | "clock" | "artifacts">): RequestHandler {
  return switchTask(api, switches.resume);
}
