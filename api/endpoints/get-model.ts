/**
 * `GET /v1/tasks/{name}/model`: the sealed model; its ETag is its digest. JSON Lines, or what a container uploaded, with
 * the media type that its task announces.
 */
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
    const { container } = task.spec.trainer;
    // What a container uploads may be a page: no browser shows it as one of ours.
    if (container !== undefined) response.attachment(task.metadata.name);
    // As it was announced: Express's own way would add a charset.
    response.setHeader("content-type", container?.model?.mediaType ?? "application/jsonl");
    response.set("content-length", String(seal.sizeBytes));
    if (request.method === "HEAD") response.end();
    else await sendBytes(response, modelBytes(api.artifacts, uid, seal));
  };
}

/** Why there is no model: not yet (409, with a link to the progress), or never (404). */
export async function noModel(api: Pick<Api, "artifacts">, request: Request, task: TrainTask): Promise<Problem> {
  const { name, namespace, uid } = task.metadata;
  const { container } = task.spec.trainer;
  if (container !== undefined && container.model === undefined)
    return new Problem({
      status: 404,
      detail: `Task ${name} runs a container that announces no model (spec.trainer.container.model).`,
    });
  const end = terminalCondition(task);
  const { model } = task.status ?? {};
  if (end !== undefined && model !== undefined)
    return new Problem({
      status: 404,
      detail:
        `The model of task ${name} (${model.digest}) is no longer in the API's store. ` +
        "The same task submitted again, under a new name, gives the same model.",
    });
  if (end !== undefined && container !== undefined)
    return new Problem({
      status: 404,
      detail: `Task ${name} ended before its container had uploaded a whole model (${end.reason}): there is none.`,
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
