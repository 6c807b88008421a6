/** The grower in a worker thread: its methods are calls (worker-calls.ts), served there by worker.ts. */
import { Worker } from "node:worker_threads";
import type { DataAccess, Grower } from "./grower.ts";
import type { TrainingRequest } from "./request.ts";
import { workerCalls } from "./worker-calls.ts";

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
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: { ...data, threads } satisfies ThreadData,
    ...(maxHeapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } }),
  });
  const calls = workerCalls<ThreadCall>(worker);
  const close = (): Promise<void> => calls.close();
  return {
    prepare: () => calls.call({ method: "prepare" }),
    add: (text) => calls.call({ method: "add", text }),
    grow: (index) => calls.call({ method: "grow", index }),
    recount: () => calls.call({ method: "recount" }),
    report: () => calls.call({ method: "report" }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
