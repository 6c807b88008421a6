/**
 * `POST /v1/tasks/{name}/progress`: the trainer's word. Ours and clients written for Kubeflow's TrainJob report here:
 * `{"trainerStatus": {...}}`, success is exactly 200.
 */
import type { RequestHandler } from "express";
import { progressSchema } from "../../traintask/progress.ts";
import type { Api } from "../api.ts";
import { bearerOf } from "../bearer.ts";
import { readDocument } from "../document.ts";
import { pointer, Problem } from "../problem.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";

export function postProgress(api: Pick<Api, "clock" | "fence" | "progress">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const pod = await api.fence.admit(bearerOf(request), taskKey(request, namespace));
    const { value } = await readDocument(request, api.clock);
    const result = progressSchema.safeParse(value);
    if (!result.success)
      throw new Problem({
        status: 422,
        detail: "The body is not a trainerStatus.",
        errors: result.error.issues.map((issue) => ({ pointer: pointer(issue.path), detail: issue.message })),
      });
    await api.progress.post(pod.task.metadata.uid, result.data, pod.shard);
    response.json({});
  };
}
