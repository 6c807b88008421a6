/** `GET /v1/tasks/{name}/report`: scores, importances and warnings; where there is none, why. */
import type { RequestHandler } from "express";
import { terminalCondition } from "../../traintask/state.ts";
import type { TrainTask } from "../../traintask/task.ts";
import type { Api } from "../api.ts";
import type { Part } from "../artifacts/store.ts";
import { Problem } from "../problem.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";
import { reportPart } from "../sealing/seal.ts";
import { sendBytes } from "../send-bytes.ts";
import { getTrainTask } from "../task-access.ts";

export function getReport(api: Pick<Api, "client" | "artifacts" | "cache">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const task = await getTrainTask(api, taskKey(request, namespace));
    const part: Part = { task: task.metadata.uid, stream: "report", name: reportPart };
    const { length, done } = await api.artifacts.state(part);
    if (!done) throw new Problem({ status: 404, detail: whyNone(api, task) });
    response.type("application/json").set("content-length", String(length));
    if (request.method === "HEAD") response.end();
    else await sendBytes(response, api.artifacts.read(part, { to: length }));
  };
}

function whyNone(api: Pick<Api, "cache">, task: TrainTask): string {
  const { name } = task.metadata;
  if (task.spec.trainer.container !== undefined) return `Task ${name} runs a container, which makes no report.`;
  const end = terminalCondition(task);
  const isSearch = task.spec.trainer.search !== undefined;
  const before = isSearch ? "the search was over" : "all trees were there";
  if (end !== undefined) return `Task ${name} ended before ${before} (${end.reason}): no report was made.`;
  const when = isSearch ? "the search is over" : "all trees are there";
  return `Task ${name} is ${api.cache.stateOf(task)}: the report is made when ${when}.`;
}
