/** The training thread: serves the calls of thread.ts one after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { dataSources } from "./data-access.ts";
import { encodeError } from "./thread-error.ts";
import type { ThreadAnswer, ThreadCall, ThreadData } from "./thread.ts";
import { training } from "./training.ts";

const port = parentPort;
if (port === null) throw new Error("worker.ts runs in a worker thread only");
const { request, access } = workerData as ThreadData;
const grower = training(request, dataSources(access));

const serve = ({ method, argument }: ThreadCall): Promise<unknown> => {
  switch (method) {
    case "add":
      return grower.add(String(argument));
    case "grow":
      return grower.grow(Number(argument));
    case "prepare":
      return grower.prepare();
    case "report":
      return grower.report();
  }
};

// Calls of the grower that return at once still answer in their order: each waits for the one before.
let previous: Promise<unknown> = Promise.resolve();
port.on("message", (call: ThreadCall) => {
  previous = previous.then(async () => {
    const answer: ThreadAnswer = await serve(call).then(
      (value) => ({ id: call.id, value }),
      (error: unknown) => ({ id: call.id, error: encodeError(error) }),
    );
    port.postMessage(answer);
  });
});
