/**
 * `GET /v1/tasks/{name}/model`: the sealed model; its ETag is its digest. JSON Lines, or what a container uploaded, with
 * the media type that its task announces; with `?format=ml-random-forest` a forest in the form of that package.
 */
import type { Request, RequestHandler, Response } from "express";
import * as z from "zod";
import { terminalCondition } from "../../traintask/state.ts";
import type { TrainTask } from "../../traintask/task.ts";
import type { Api } from "../api.ts";
import type { Seal } from "../artifacts/store.ts";
import { exportedForest } from "../exported.ts";
import { taskLinks } from "../links.ts";
import { Problem } from "../problem.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";
import { modelBytes } from "../sealing/model-bytes.ts";
import { hasModel } from "../sealing/seal.ts";
import { sendBytes } from "../send-bytes.ts";
import { getTrainTask } from "../task-access.ts";

/** `true` on a model that lacks trees, or is the best that a search knew, because its task ended early. */
export const partialHeader = "traintask-model-partial";

const formats = ["jsonl", "ml-random-forest"] as const;

export const getModelQuery = taskQuery.extend({
  format: z
    .enum(formats, { error: `a format is ${formats.join(" or ")}` })
    .default("jsonl")
    .describe("`ml-random-forest`: a forest as JSON for the `load` of that npm package; 409 says why it cannot be"),
});

export function getModel(api: Pick<Api, "client" | "artifacts">): RequestHandler {
  return async (request, response) => {
    const { namespace, format } = readQuery(request, getModelQuery);
    const task = await getTrainTask(api, taskKey(request, namespace));
    const { uid } = task.metadata;
    const seal = await api.artifacts.sealOf(uid);
    if (seal === undefined) throw await noModel(api, request, task);
    const exported = format === "jsonl" ? undefined : await exportedForest(api.artifacts, uid, seal);
    const etag = exported === undefined ? `"${seal.digest}"` : `"${seal.digest}/${format}"`;
    response.set({ etag, [partialHeader]: String(seal.partial), "cache-control": "no-cache" });
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    if (exported === undefined) announce(response, task, seal);
    else response.type("application/json");
    if (request.method === "HEAD") response.end();
    else await sendBytes(response, exported ?? modelBytes(api.artifacts, uid, seal));
  };
}

function announce(response: Response, task: TrainTask, seal: Seal): void {
  const { container } = task.spec.trainer;
  // What a container uploads may be a page: no browser shows it as one of ours.
  if (container !== undefined) response.attachment(task.metadata.name);
  // As it was announced: Express's own way would add a charset.
  response.setHeader("content-type", container?.model?.mediaType ?? "application/jsonl");
  response.set("content-length", String(seal.sizeBytes));
}

/** Why there is no model: not yet (409, with a link to the progress), or never (404). */
export async function noModel(api: Pick<Api, "artifacts">, request: Request, task: TrainTask): Promise<Problem> {
  const { name, uid } = task.metadata;
  const { container, search } = task.spec.trainer;
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
  if (end !== undefined && !(await hasModel(api.artifacts, uid)))
    return new Problem({
      status: 404,
      detail:
        `Task ${name} ended before ${search === undefined ? "its first tree" : "a whole pipeline"} was stored ` +
        `(${end.reason}): there is no model.`,
    });
  const { progress } = taskLinks(request, task);
  return new Problem({
    status: 409,
    detail: `The model of task ${name} is not finished yet.`,
    headers: { link: `<${progress}>; rel="status"` },
    extra: { links: { progress } },
  });
}
