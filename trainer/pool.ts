/**
 * Several worker threads that serve the same kind of call: each call goes to a thread that has nothing else to do, and
 * waits for one while there is none. Answers come when they come; who needs them in an order waits in that order.
 */
import { Worker } from "node:worker_threads";
import { StoppedError } from "./errors.ts";
import { type WorkerCalls, workerCalls } from "./worker-calls.ts";

export interface Pool<C> {
  call<T>(call: C): Promise<T>;
  /** Ends all threads, whatever they do; calls that wait are rejected with StoppedError. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** What each thread begins with. */
  readonly workerData: unknown;
  readonly threads: number;
  /** Bound of each thread's JavaScript heap; node's own choice if absent. */
  readonly maxHeapMb?: number;
}

interface Queued<C> {
  readonly call: C;
  readonly resolve: (value: Promise<never>) => void;
  readonly reject: (error: Error) => void;
}

/** @param file the thread's code, which serves its calls (serveCalls) */
export function workerPool<C>(file: URL, { workerData, threads, maxHeapMb }: PoolOptions): Pool<C> {
  const resourceLimits = maxHeapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } };
  const all = Array.from({ length: threads }, () =>
    workerCalls<C>(new Worker(file, { workerData, ...resourceLimits })),
  );
  const idle: WorkerCalls<C>[] = [...all];
  const queue: Queued<C>[] = [];
  let closed = false;

  function assign(): void {
    while (queue.length > 0 && idle.length > 0) {
      const thread = idle.pop()!;
      const { call, resolve } = queue.shift()!;
      const answer = thread.call<never>(call);
      resolve(answer);
      const free = (): void => {
        idle.push(thread);
        assign();
      };
      answer.then(free, free);
    }
  }
  return {
    call<T>(call: C) {
      if (closed) return Promise.reject<T>(closedError());
      return new Promise<T>((resolve, reject) => {
        queue.push({ call, resolve, reject });
        assign();
      });
    },
    async close() {
      closed = true;
      for (const { reject } of queue.splice(0)) reject(closedError());
      await Promise.all(all.map((thread) => thread.close()));
    },
  };
}

const closedError = (): StoppedError => new StoppedError("the training threads were closed");
