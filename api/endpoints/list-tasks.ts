/**
 * `GET /v1/tasks`: tasks of one namespace, by name, from the cache, with the filters that counts are made of. Inline
 * tables are left out; the task itself has them.
 */
import type { RequestHandler } from "express";
import * as z from "zod";
import { apiVersion } from "../../traintask/names.ts";
import { states } from "../../traintask/reasons.ts";
import type { TrainTask } from "../../traintask/task.ts";
import type { Api } from "../api.ts";
import { sendDocument } from "../document.ts";
import { labelSelector } from "../label-selector.ts";
import { present } from "../present.ts";
import { Problem } from "../problem.ts";
import { integerParameter, namespaceParameter, readQuery } from "../query.ts";

export const listTasksQuery = z.strictObject({
  namespace: namespaceParameter,
  limit: integerParameter({ min: 1, max: 500 }).default(100).describe("Tasks of one answer, 1 to 500"),
  continue: z.string().max(256).optional().describe("Where the page before ended, as it said in metadata.continue"),
  state: z.enum(states).optional().describe("Only tasks in this state"),
  queue: z.string().max(63).optional().describe("Only tasks of this queue"),
  labelSelector: z.string().max(4096).optional().describe("As in Kubernetes: `a=b,c!=d,e in (f,g),!h`"),
});

export function listTasks(api: Pick<Api, "cache">): RequestHandler {
  return (request, response) => {
    const query = readQuery(request, listTasksQuery);
    const selects = labelSelector(query.labelSelector ?? "");
    const after = query.continue === undefined ? "" : decodeContinue(query.continue);
    const matching = api.cache
      .tasks()
      .filter(
        (task) =>
          task.metadata.namespace === query.namespace &&
          task.metadata.name > after &&
          (query.queue === undefined || task.spec.queue === query.queue) &&
          (query.state === undefined || api.cache.stateOf(task) === query.state) &&
          selects(task.metadata.labels ?? {}),
      )
      .toSorted(byName);
    const page = matching.slice(0, query.limit);
    const rest = matching.length - page.length;
    sendDocument(request, response, {
      apiVersion,
      kind: "TrainTaskList",
      metadata: {
        resourceVersion: api.cache.resourceVersions(query.namespace).tasks,
        ...(rest > 0 ? { continue: encodeContinue(page.at(-1)?.metadata.name ?? ""), remainingItemCount: rest } : {}),
      },
      items: page.map((task) => present(api, request, task)),
    });
  };
}

function byName(a: TrainTask, b: TrainTask): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

function encodeContinue(name: string): string {
  return Buffer.from(`after:${name}`).toString("base64url");
}

function decodeContinue(text: string): string {
  const decoded = Buffer.from(text, "base64url").toString();
  if (decoded.startsWith("after:") && encodeContinue(decoded.slice(6)) === text) return decoded.slice(6);
  throw new Problem({
    status: 400,
    detail: "continue is not one that this list answered; begin again without it.",
    errors: [{ parameter: "continue", detail: "must be the metadata.continue of the page before" }],
  });
}
