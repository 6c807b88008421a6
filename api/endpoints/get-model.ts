/** `GET /v1/tasks/{name}/model`: the sealed model as JSON Lines; its ETag is its digest. */
import type { Request, RequestHandler } from "express";
import { terminalCondition } from "../../traintask/state.ts";
import type { TrainTask } from "../../traintask/task.ts";
import type { Api } from "../api.ts";
import { taskLinks } from "../links.ts";
import { Problem } from "../problem.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";
import { modelBytes } from "../sealing/model-bytes.ts";
import { hasTree } from "../sealing/seal.ts";
import { sendBytes } from "../send-bytes.ts";
import { getTrainTask } from "../task-access.ts";

/** `true` on a model that lacks trees because its task ended early. */
export const partialHeader = "traintask-model-partial";

export function getModel(api: Pick<Api, "client" | "artifacts">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const task = await getTrainTask(api, taskKey(request, namespace));
    const { uid } = task.metadata;
    const seal = await api.artifacts.sealOf(uid);
    if (seal === undefined) throw await noModel(api, request, task);
    response.set({ etag: `"${seal.digest}"`, [partialHeader]: String(seal.partial), "cache-control": "no-cache" });
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    response.type("application/jsonl").set("content-length", String(seal.sizeBytes));
    if (request.method === "HEAD") response.end();
    else await sendBytes(response, modelBytes(api.artifacts, uid, seal));
  };
}

/** Why there is no model: not yet (409, with a link to the progress), or never (404). */
export async function noModel(api: Pick<Api, "artifacts">, request: Request, task: TrainTask): Promise<Problem> {
  const { name, namespace, uid } = task.metadata;
  if (task.spec.trainer.container !== undefined)
    return new Problem({ status: 404, detail: `Task ${name} runs a container, which keeps its model itself.` });
  const end = terminalCondition(task);
  const { model } = task.status ?? {};
  if (end !== undefined && model !== undefined)
    return new Problem({
      status: 404,
      detail:
        `The model of task ${name} (${model.digest}) is no longer in the API's store. ` +
        "The same task submitted again, under a new name, gives the same model.",
    });
  if (end !== undefined && !(await hasTree(api.artifacts, uid)))
    return new Problem({
      status: 404,
      detail: `Task ${name} ended before its first tree was stored (${end.reason}): there is no model.`,
    });
  const { progress } = taskLinks(request, { namespace, name });
  return new Problem({
    status: 409,
    detail: `The model of task ${name} is not finished yet.`,
    headers: { link: `<${progress}>; rel="status"` },
    extra: { links: { progress } },
  });
}
