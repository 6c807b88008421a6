/** `DELETE /v1/datasets/{digest}`: unless a task that has not ended names it. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { tasksThatName } from "../datasets/named.ts";
import { Problem } from "../problem.ts";
import { pathVariable, readQuery, taskQuery } from "../query.ts";

export function deleteDataset(api: Pick<Api, "client" | "datasets">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const digest = pathVariable(request, "digest");
    if ((await api.datasets.get(namespace, digest)) === undefined)
      throw new Problem({ status: 404, detail: `Namespace ${namespace} has no dataset ${digest.slice(0, 100)}.` });
    const names = await tasksThatName(api.client, namespace, digest);
    if (names.length > 0)
      throw new Problem({
        status: 409,
        detail: `The dataset is in use by tasks that have not ended: ${names.slice(0, 10).join(", ")}. Cancel or delete them first.`,
      });
    await api.datasets.remove(namespace, digest);
    response.status(204).end();
  };
}
