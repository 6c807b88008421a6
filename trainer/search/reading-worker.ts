/** The thread that reads a search's table for reading.ts. */
import type { Transferable } from "node:worker_threads";
import { parentPort, workerData } from "node:worker_threads";
import { serveCalls } from "../worker-calls.ts";
import { type Reading, readHere } from "./reading.ts";
import type { SearchTable } from "./search-table.ts";

const port = parentPort;
if (port === null) throw new Error("reading-worker.ts runs in a worker thread only");

serveCalls<"read">(port, async () => {
  const table = await readHere(workerData as Reading);
  return { value: table, moved: matricesOf(table) };
});

function matricesOf({ data }: SearchTable): Transferable[] {
  const matrices = [data.x, ...(data.heldOut === undefined ? [] : [data.heldOut.x])];
  return matrices.map(({ values }) => values.buffer as ArrayBuffer);
}
