/** `GET /v1/datasets/{digest}`: the table, for the pod of a task that names it and for nobody else. */
import type { RequestHandler } from "express";
import { terminalCondition } from "../../traintask/state.ts";
import type { Api } from "../api.ts";
import { bearerOf } from "../bearer.ts";
import { namedDataset } from "../datasets/named.ts";
import { Problem } from "../problem.ts";
import { pathVariable, readQuery, taskQuery } from "../query.ts";
import { sendBytes } from "../send-bytes.ts";

export function getDataset(api: Pick<Api, "cache" | "datasets" | "fence">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const digest = pathVariable(request, "digest");
    await api.fence.admitOneOf(bearerOf(request), tasksNaming(api, namespace, digest));
    const dataset = await api.datasets.get(namespace, digest);
    if (dataset === undefined)
      throw new Problem({ status: 404, detail: `Namespace ${namespace} has no dataset ${digest.slice(0, 100)}.` });
    await api.datasets.touch(namespace, digest);
    response.type("text/csv").set("content-length", String(dataset.sizeBytes));
    await sendBytes(response, api.datasets.read(namespace, digest));
  };
}

function tasksNaming(
  api: Pick<Api, "cache">,
  namespace: string,
  digest: string,
): { namespace: string; name: string }[] {
  return api.cache
    .tasks()
    .filter(
      (task) =>
        task.metadata.namespace === namespace &&
        namedDataset(task.spec) === digest &&
        terminalCondition(task) === undefined,
    )
    .map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}
