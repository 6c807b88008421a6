/**
 * Cancel, suspend and resume: each sets one switch of the spec, and does nothing when it already stands as it should,
 * so that repeating a call is harmless.
 */
import type { RequestHandler } from "express";
import { terminalCondition } from "../traintask/state.ts";
import type { TrainTask } from "../traintask/task.ts";
import type { Api } from "./api.ts";
import { sendDocument } from "./document.ts";
import { presentTask } from "./present.ts";
import { Problem } from "./problem.ts";
import { readQuery, taskKey, taskQuery } from "./query.ts";
import { getTrainTask, patchSpec } from "./task-access.ts";

export interface TaskSwitch {
  /** Past participle, for the refusal. */
  readonly done: string;
  readonly change: { readonly cancel?: true; readonly suspend?: boolean };
  /** Whether nothing is left to do: the task is, or can never again be otherwise than, as asked. */
  readonly holds: (task: TrainTask) => boolean;
}

export const switches = {
  cancel: { done: "cancelled", change: { cancel: true }, holds: (task) => task.spec.cancel || isTerminal(task) },
  suspend: { done: "suspended", change: { suspend: true }, holds: (task) => task.spec.suspend && !isTerminal(task) },
  resume: { done: "resumed", change: { suspend: false }, holds: (task) => !task.spec.suspend && !isTerminal(task) },
} as const satisfies Record<string, TaskSwitch>;

function isTerminal(task: TrainTask): boolean {
  return terminalCondition(task) !== undefined;
}

type Needs = Pick<Api, "client" | "cache" | "clock" | "artifacts">;

export function switchTask(api: Needs, { done, change, holds }: TaskSwitch): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const key = taskKey(request, namespace);
    const task = await getTrainTask(api, key);
    if (!holds(task) && isTerminal(task))
      throw new Problem({ status: 409, detail: `Task ${key.name} has ended: it cannot be ${done} any more.` });
    const changed = holds(task) ? task : await patchSpec(api, key, change);
    sendDocument(request, response, await presentTask(api, request, changed));
  };
}
