/**
 * `PUT /v1/datasets`: a table as CSV, plain or compressed, streamed to disk and read once on the way, so that what is
 * stored is a table. It is stored as it was sent: its digest is that of the sent bytes.
 */
import type { RequestHandler } from "express";
import { DataError } from "../../data/error.ts";
import { datasetSchema } from "../../traintask/dataset.ts";
import type { Api } from "../api.ts";
import { bodyPieces } from "../body.ts";
import { DatasetTooLargeError } from "../datasets/store.ts";
import { mediaType, sendDocument } from "../document.ts";
import { pacer } from "../pace.ts";
import { Problem } from "../problem.ts";
import { readQuery, taskQuery } from "../query.ts";

const idleMs = 30_000;
/** What compression there is, the bytes themselves say; the types are for those who want to name it. */
const datasetTypes = ["text/csv", "application/gzip", "application/zstd"];

const { separator, decimal, quote } = datasetSchema.shape.format.unwrap().shape;
/** How the table is written, as a task's `dataset.format` says it. */
export const putDatasetQuery = taskQuery.extend({ separator, decimal, quote });

export function putDataset(api: Pick<Api, "clock" | "datasets" | "settings">): RequestHandler {
  const paced = pacer(api.clock);
  return async (request, response) => {
    const { namespace, ...format } = readQuery(request, putDatasetQuery);
    if (!datasetTypes.includes(mediaType(request) ?? ""))
      throw new Problem({
        status: 415,
        detail: `A dataset is a CSV table: send it with content-type ${datasetTypes.join(" or ")}.`,
        errors: [{ header: "content-type", detail: datasetTypes.join(", ") }],
      });
    const pieces = bodyPieces(request, { maxBytes: api.settings.maxDatasetBytes, idleMs, clock: api.clock });
    try {
      sendDocument(request, response.status(201), await api.datasets.put(namespace, paced(pieces), format));
    } catch (cause) {
      if (cause instanceof DataError)
        throw new Problem({ status: 422, detail: cause.message, extra: { position: cause.position }, cause });
      if (cause instanceof DatasetTooLargeError) throw new Problem({ status: 413, detail: cause.message, cause });
      throw cause;
    }
  };
}
