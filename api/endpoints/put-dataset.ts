/** `PUT /v1/datasets`: a table as CSV, streamed to disk and read once on the way, so that what is stored is a table. */
import type { RequestHandler } from "express";
import { DataError } from "../../data/error.ts";
import type { Api } from "../api.ts";
import { bodyPieces } from "../body.ts";
import { DatasetTooLargeError } from "../datasets/store.ts";
import { mediaType, sendDocument } from "../document.ts";
import { pacer } from "../pace.ts";
import { Problem } from "../problem.ts";
import { readQuery, taskQuery } from "../query.ts";

const idleMs = 30_000;

export function putDataset(api: Pick<Api, "clock" | "datasets" | "settings">): RequestHandler {
  const paced = pacer(api.clock);
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    if (mediaType(request) !== "text/csv")
      throw new Problem({
        status: 415,
        detail: "A dataset is a CSV table: send it with content-type text/csv.",
        errors: [{ header: "content-type", detail: "text/csv" }],
      });
    const pieces = bodyPieces(request, { maxBytes: api.settings.maxDatasetBytes, idleMs, clock: api.clock });
    try {
      sendDocument(request, response.status(201), await api.datasets.put(namespace, paced(pieces)));
    } catch (cause) {
      if (cause instanceof DataError)
        throw new Problem({ status: 422, detail: cause.message, extra: { position: cause.position }, cause });
      if (cause instanceof DatasetTooLargeError) throw new Problem({ status: 413, detail: cause.message, cause });
      throw cause;
    }
  };
}
