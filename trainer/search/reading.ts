/**
 * Reads a search's table. In a thread that ends with it, so that the main thread is free for progress, uploads and SIGTERM
 * however long the table is, and so that the memory of the reading is given back; a table that stands in the task
 * itself is small, and read at once.
 */
import { Worker } from "node:worker_threads";
import { readTable } from "../../data/table.ts";
import type { PodConfig } from "../../traintask/pod-config.ts";
import type { DatasetSpec } from "../../traintask/dataset.ts";
import type { SearchSpec } from "../../traintask/search.ts";
import { dataSources } from "../data-access.ts";
import type { DataAccess } from "../grower.ts";
import { tableSource } from "../source.ts";
import { workerCalls } from "../worker-calls.ts";
import { type SearchTable, searchTable } from "./search-table.ts";

export interface Reading {
  readonly config: PodConfig;
  readonly spec: SearchSpec;
  readonly access: DataAccess;
}

/**
 * @param ended ends the reading, which then rejects with StoppedError
 * @throws as readTable, tableSource and searchTable do
 */
export async function readSearchTable(reading: Reading, ended: AbortSignal): Promise<SearchTable> {
  if (isSmall(reading)) return readHere(reading);
  const worker = new Worker(new URL("./reading-worker.ts", import.meta.url), { workerData: reading });
  const calls = workerCalls<"read">(worker);
  const close = (): void => void calls.close();
  ended.addEventListener("abort", close);
  try {
    return await calls.call<SearchTable>("read");
  } finally {
    ended.removeEventListener("abort", close);
    await calls.close();
  }
}

/** On this very thread. */
export async function readHere({ config, spec, access }: Reading): Promise<SearchTable> {
  const source = tableSource(config, dataSources(access));
  return searchTable(await readTable(await source.open(), source.options), { config, spec });
}

/** Cells of generated data that are read in some milliseconds. */
const fewCells = 10_000;

function isSmall({ config, access }: Reading): boolean {
  return access.file === undefined && standsInTask(config.dataset);
}

/** A CSV in the task has 64 KiB at most. */
function standsInTask({ csv, synthetic }: DatasetSpec): boolean {
  return csv !== undefined || (synthetic !== undefined && synthetic.rows * (synthetic.columns + 1) <= fewCells);
}
