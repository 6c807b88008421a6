/**
 * The grower in a worker thread: each call is a message with a number, each answer a message with the same number.
 * An error crosses the border as plain values and comes out as its class again; a thread whose heap is full dies, and
 * every call that waits is rejected with OutOfMemoryError.
 */
import { Worker } from "node:worker_threads";
import { OutOfMemoryError, StoppedError } from "./errors.ts";
import type { DataAccess, Grower } from "./grower.ts";
import type { TrainingRequest } from "./request.ts";
import { decodeError, type EncodedError } from "./thread-error.ts";

export interface ThreadData {
  readonly request: TrainingRequest;
  readonly access: DataAccess;
}

/** A call: the grower's method and its argument. */
export interface ThreadCall {
  readonly id: number;
  readonly method: "prepare" | "add" | "grow" | "report";
  readonly argument?: string | number;
}
export type ThreadAnswer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: EncodedError });

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** @param maxHeapMb bound of the thread's JavaScript heap; node's own choice if absent */
export function threadGrower(data: ThreadData, { maxHeapMb }: { maxHeapMb?: number } = {}): Grower {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: data,
    ...(maxHeapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } }),
  });
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let dead: Error | undefined;
  const fail = (error: Error): void => {
    dead ??= error;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  worker.on("message", (answer: ThreadAnswer) => {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ("error" in answer) call?.reject(decodeError(answer.error));
    else call?.resolve(answer.value as never);
  });
  worker.on("error", (error) => fail(ofWorker(error)));
  worker.on("exit", (code) => fail(new Error(`the training thread ended by itself with code ${code}`)));

  function call<T>(method: ThreadCall["method"], argument?: string | number): Promise<T> {
    if (dead !== undefined) return Promise.reject(dead);
    const id = calls++;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, method, ...(argument === undefined ? {} : { argument }) } satisfies ThreadCall);
    });
  }
  async function close(): Promise<void> {
    fail(new StoppedError("the training thread was closed"));
    await worker.terminate();
  }
  return {
    prepare: () => call("prepare"),
    add: (text) => call("add", text),
    grow: (tree) => call("grow", tree),
    report: () => call("report"),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function ofWorker(reason: unknown): Error {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  if (!("code" in error) || error.code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new OutOfMemoryError("The training thread's heap is full.", { cause: error });
}
