/** The grower in a worker thread: its methods are calls (worker-calls.ts), served there by worker.ts. */
import { Worker } from "node:worker_threads";
import { StoppedError } from "./errors.ts";
import type { DataAccess, Grower } from "./grower.ts";
import type { TrainingRequest } from "./request.ts";
import { type WorkerCalls, workerCalls } from "./worker-calls.ts";

export interface ThreadData {
  readonly request: TrainingRequest;
  readonly access: DataAccess;
  /** How many threads may grow. */
  readonly threads: number;
}

/** A method of the grower and its argument. */
export type ThreadCall =
  | { readonly method: "prepare" | "recount" | "report" }
  | { readonly method: "add"; readonly text: string }
  | { readonly method: "grow"; readonly index: number };

export interface ThreadOptions {
  /** How many threads may grow. */
  readonly threads?: number;
  /** Bound of the thread's JavaScript heap; node's own choice if absent. */
  readonly maxHeapMb?: number;
}

export function threadGrower(
  data: Omit<ThreadData, "threads">,
  { threads = 1, maxHeapMb }: ThreadOptions = {},
): Grower {
  const start = (): WorkerCalls<ThreadCall> =>
    workerCalls(
      new Worker(new URL("./worker.ts", import.meta.url), {
        workerData: { ...data, threads } satisfies ThreadData,
        ...(maxHeapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } }),
      }),
    );
  // Started at the first call: where all is stored already, there is none.
  let calls: WorkerCalls<ThreadCall> | undefined;
  let isClosed = false;
  async function call<T>(asked: ThreadCall): Promise<T> {
    if (isClosed) throw new StoppedError("the training thread was closed");
    calls ??= start();
    return calls.call(asked);
  }
  async function close(): Promise<void> {
    isClosed = true;
    await calls?.close();
  }
  return {
    prepare: () => call({ method: "prepare" }),
    add: (text) => call({ method: "add", text }),
    grow: (index) => call({ method: "grow", index }),
    recount: () => call({ method: "recount" }),
    report: () => call({ method: "report" }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
