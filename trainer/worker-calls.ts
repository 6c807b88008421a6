/**
 * Calls into a worker thread: each is a message with a number, each answer a message with the same number. An error
 * crosses the border as plain values and comes out as its class again; a thread whose heap is full dies, and every call
 * that waits is rejected with OutOfMemoryError.
 */
import type { MessagePort, Transferable, Worker } from "node:worker_threads";
import { OutOfMemoryError, StoppedError } from "./errors.ts";
import { decodeError, type EncodedError, encodeError } from "./thread-error.ts";

interface Call<C> {
  readonly id: number;
  readonly call: C;
}
type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: EncodedError });

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export interface WorkerCalls<C> {
  call<T>(call: C): Promise<T>;
  /** Calls that are not answered yet. */
  readonly waiting: number;
  /** Ends the thread, whatever it does; calls that wait are rejected with StoppedError. */
  close(): Promise<void>;
}

/** The side that asks. */
export function workerCalls<C>(worker: Worker): WorkerCalls<C> {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let dead: Error | undefined;
  const fail = (error: Error): void => {
    dead ??= error;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  worker.on("message", (answer: Answer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ("error" in answer) asked?.reject(decodeError(answer.error));
    else asked?.resolve(answer.value as never);
  });
  worker.on("error", (error) => fail(ofWorker(error)));
  worker.on("exit", (code) => fail(new Error(`the training thread ended by itself with code ${code}`)));
  return {
    call<T>(call: C) {
      if (dead !== undefined) return Promise.reject<T>(dead);
      const id = calls++;
      return new Promise<T>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, call } satisfies Call<C>);
      });
    },
    get waiting() {
      return waiting.size;
    },
    async close() {
      fail(new StoppedError("the training thread was closed"));
      await worker.terminate();
    },
  };
}

/** What a call comes to, and the memory that moves to the side that asked instead of being copied. */
export interface Served {
  readonly value: unknown;
  readonly moved?: readonly Transferable[];
}

/** The thread's side: answers each call when it is done. */
export function serveCalls<C>(port: MessagePort, serve: (call: C) => Promise<Served>): void {
  port.on("message", ({ id, call }: Call<C>) => {
    void serve(call).then(
      ({ value, moved = [] }) => port.postMessage({ id, value } satisfies Answer, moved),
      (error: unknown) => port.postMessage({ id, error: encodeError(error) } satisfies Answer),
    );
  });
}

function ofWorker(reason: unknown): Error {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  if (!("code" in error) || error.code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new OutOfMemoryError("The training thread's heap is full.", { cause: error });
}
