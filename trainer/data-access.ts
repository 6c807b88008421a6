/** Opens data that is not in the task itself: a file that stands for it, or a dataset of the API. */
import { createReadStream } from "node:fs";
import { ConfigurationError } from "./errors.ts";
import type { DataAccess } from "./grower.ts";
import { mountedTable, pieceBytes } from "./mounted-table.ts";
import type { OpenDataset, Sources } from "./source.ts";

export function dataSources({ file, datasetFile, api }: DataAccess): Sources {
  return {
    openDataset: api === undefined ? noApi : apiDatasets(api),
    ...(datasetFile === undefined ? {} : { openMounted: (dataset) => mountedTable(datasetFile, dataset) }),
    ...(file === undefined ? {} : { file: () => fileBytes(file) }),
  };
}

function apiDatasets(api: NonNullable<DataAccess["api"]>): OpenDataset {
  return async (digest) => {
    // What HTTP takes is loaded where it is used: most tables come from somewhere else, and each training thread would load it.
    const { openApiDataset } = await import("./api-datasets.ts");
    return openApiDataset(api, digest);
  };
}

const noApi: OpenDataset = () => {
  throw new ConfigurationError("The task's data is kept by an API. Give the rows as a file: --data rows.csv.");
};

async function* fileBytes(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: pieceBytes })) yield chunk as Uint8Array;
  } catch (cause) {
    throw new ConfigurationError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
