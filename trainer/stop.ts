/**
 * Requests to stop. The first signal lets the run save its work; a second one, and the end of the process that started
 * this one, end it at once.
 */
import type { EventEmitter } from "node:events";
import { exitCode } from "../traintask/contract.ts";

export interface StopSources {
  /** `process`, or what stands for it in a test. */
  readonly signals: EventEmitter;
  /** Input that ends when our parent does. */
  readonly parent?: EventEmitter & { resume(): unknown };
  readonly exit: (code: number) => void;
}

/** Aborts at the first SIGTERM or SIGINT. */
export function stopSignal({ signals, parent, exit }: StopSources): AbortSignal {
  const stop = new AbortController();
  const end = (): void => exit(exitCode.stoppedByRequest);
  const request = (): void => (stop.signal.aborted ? end() : stop.abort());
  signals.on("SIGTERM", request);
  signals.on("SIGINT", request);
  // What the parent would have stored is out of reach as well: there is nothing to save.
  parent?.on("end", end).on("error", end);
  parent?.resume();
  return stop.signal;
}

/** The promise's outcome, or a rejection with what `error` makes as soon as the signal aborts. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, error: () => Error): Promise<T> {
  if (signal.aborted) throw error();
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(error());
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (abort !== undefined) signal.removeEventListener("abort", abort);
  }
}
