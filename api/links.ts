/** Where the calls on a task are: every answer that shows a task says so. */
import type { Request } from "express";

export interface Links {
  readonly self: string;
  /** The task again: its status shows the trainer's latest word. */
  readonly progress: string;
  readonly logs: string;
  readonly model: string;
  readonly report: string;
  readonly predict: string;
  readonly cancel: string;
  readonly suspend: string;
  readonly resume: string;
}

/** @param request whose Host (checked by then) the links are made for */
export function taskLinks(request: Request, task: { namespace: string; name: string }): Links {
  const query = task.namespace === "default" ? "" : `?namespace=${task.namespace}`;
  const self = `${request.protocol}://${request.headers.host ?? ""}/v1/tasks/${task.name}`;
  const to = (call: string): string => `${self}/${call}${query}`;
  return {
    self: self + query,
    progress: self + query,
    logs: to("logs"),
    model: to("model"),
    report: to("report"),
    predict: to("predict"),
    cancel: to("cancel"),
    suspend: to("suspend"),
    resume: to("resume"),
  };
}
