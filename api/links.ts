/** Where the calls on a task are: every answer that shows a task says so. */
import type { Request } from "express";
import type { TrainTask } from "../traintask/task.ts";

export interface Links {
  readonly self: string;
  /** The task again: its status shows the trainer's latest word. */
  readonly progress: string;
  readonly logs: string;
  readonly model: string;
  readonly report: string;
  /** Of a search. */
  readonly trials?: string;
  readonly predict: string;
  readonly cancel: string;
  readonly suspend: string;
  readonly resume: string;
}

/** @param request whose Host (checked by then) the links are made for */
export function taskLinks(request: Request, { metadata, spec }: Pick<TrainTask, "metadata" | "spec">): Links {
  const query = metadata.namespace === "default" ? "" : `?namespace=${metadata.namespace}`;
  const self = `${request.protocol}://${request.headers.host ?? ""}/v1/tasks/${metadata.name}`;
  const to = (call: string): string => `${self}/${call}${query}`;
  return {
    self: self + query,
    progress: self + query,
    logs: to("logs"),
    model: to("model"),
    report: to("report"),
    ...(spec.trainer.search === undefined ? {} : { trials: to("trials") }),
    predict: to("predict"),
    cancel: to("cancel"),
    suspend: to("suspend"),
    resume: to("resume"),
  };
}
