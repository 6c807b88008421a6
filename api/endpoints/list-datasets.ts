/** `GET /v1/datasets`: the datasets of a namespace. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { sendDocument } from "../document.ts";
import { readQuery, taskQuery } from "../query.ts";

export function listDatasets(api: Pick<Api, "datasets">): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    sendDocument(request, response, { items: await api.datasets.list(namespace) });
  };
}
