/** `POST /v1/tasks/{name}/predict`: rows as JSON or CSV to predictions, with the task's sealed model. */
import type { Request, RequestHandler } from "express";
import type { Api } from "../api.ts";
import { readBody } from "../body.ts";
import { mediaType } from "../document.ts";
import type { RowsFormat } from "../predict/answer.ts";
import { Problem } from "../problem.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";
import { modelBytes } from "../sealing/model-bytes.ts";
import { getTrainTask } from "../task-access.ts";
import { noModel, partialHeader } from "./get-model.ts";

const maxBodyBytes = 16 << 20;

export function predict(api: Pick<Api, "client" | "clock" | "artifacts" | "predictors">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const format = rowsFormat(request);
    const task = await getTrainTask(api, taskKey(request, namespace));
    const { uid } = task.metadata;
    const seal = await api.artifacts.sealOf(uid);
    if (seal === undefined) throw await noModel(api, request, task);
    const answer = await api.predictors.predict({
      model: seal.digest,
      sizeBytes: seal.sizeBytes,
      bytes: () => modelBytes(api.artifacts, uid, seal),
      format,
      body: await readBody(request, { maxBytes: maxBodyBytes, idleMs: 10_000, totalMs: 60_000, clock: api.clock }),
    });
    response.set(partialHeader, String(seal.partial)).type("application/json").send(Buffer.from(answer));
  };
}

function rowsFormat(request: Request): RowsFormat {
  const type = mediaType(request);
  if (type === "application/json") return "json";
  if (type === "text/csv") return "csv";
  throw new Problem({
    status: 415,
    detail: "Send rows with content-type application/json or text/csv.",
    errors: [{ header: "content-type", detail: "application/json or text/csv" }],
  });
}
