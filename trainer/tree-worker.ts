/** One of the threads of tree-pool.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { writeLine } from "../model/write.ts";
import { forestOf, type SharedForest } from "./forest/forest.ts";
import type { Countable, MadeLine } from "./growth.ts";
import type { TreeCall } from "./tree-pool.ts";
import { type Served, serveCalls } from "./worker-calls.ts";

const port = parentPort;
if (port === null) throw new Error("tree-worker.ts runs in a worker thread only");
const forest = forestOf(workerData as SharedForest);

serveCalls<TreeCall>(port, async (call) => {
  if ("take" in call) return moving({ leaves: forest.outOfBagLeaves(call.take) });
  const line = forest.growTree(call.grow);
  return moving({ line, text: writeLine(line), leaves: forest.outOfBagLeaves(line) } satisfies MadeLine);
});

function moving(value: MadeLine | Pick<Countable, "leaves">): Served {
  return value.leaves === undefined ? { value } : { value, moved: [value.leaves.buffer as ArrayBuffer] };
}
