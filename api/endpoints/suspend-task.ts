/** `POST /v1/tasks/{name}/suspend`: pauses the task and keeps its progress; its slot is free for others. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { switches, switchTask } from "../task-switch.ts";

export function suspendTask(api: Pick<Api, "client" | "cache" | "clock" | "artifacts">): RequestHandler {
  return switchTask(api, switches.suspend);
}
