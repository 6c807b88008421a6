/** The training thread: serves the calls of thread.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { dataSources } from "./data-access.ts";
import type { ThreadCall, ThreadData } from "./thread.ts";
import { training } from "./training.ts";
import { serveCalls } from "./worker-calls.ts";

const port = parentPort;
if (port === null) throw new Error("worker.ts runs in a worker thread only");
const { request, access, threads } = workerData as ThreadData;
const grower = training(request, dataSources(access), { threads });

const serve = (call: ThreadCall): Promise<unknown> => {
  switch (call.method) {
    case "add":
      return grower.add(call.text);
    case "grow":
      return grower.grow(call.index);
    case "prepare":
      return grower.prepare();
    case "recount":
      return grower.recount();
    case "report":
      return grower.report();
  }
};
serveCalls<ThreadCall>(port, async (call) => ({ value: await serve(call) }));
