/**
 * The loop of a controller: workers take keys from a queue and reconcile them, one worker to a key at a time. What
 * follows is decided here and nowhere else: done, look again later, or try again after a back-off of the key's own.
 * Nothing that a reconcile throws can stop the loop.
 */
import { backOffDelay, type BackOff } from "./back-off.ts";
import type { Clock } from "./clock.ts";
import { ConflictError, ServerError, TransportError } from "./errors.ts";
import type { Log } from "./log.ts";
import { WorkQueue } from "./work-queue.ts";

/** When to look at the key again although nothing has changed. */
export interface Outcome {
  readonly lookAgainAfterMs?: number;
}

/**
 * Brings the world nearer to what the key's object asks for. Level-triggered: it is told that something may have
 * changed, never what; it may be called at any time, any number of times, and must do nothing when nothing is to do.
 */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<Outcome | void>;

/** Told of the work as it is done, for metrics. Must not throw. */
export interface ControllerObserver {
  /** A worker took a key, so many milliseconds after it was due. */
  taken(waitedMs: number): void;
  /** A reconcile ended, after so many milliseconds; one that failed is tried again. */
  reconciled(tookMs: number, result: "done" | "failed"): void;
}

export interface ControllerOptions {
  /** For log lines. */
  readonly name: string;
  readonly reconcile: Reconcile;
  readonly clock: Clock;
  readonly log: Log;
  /** Stops the workers: no new key is taken, and reconciles under way see the same signal. */
  readonly signal: AbortSignal;
  /** Default 1. */
  readonly workers?: number;
  /** Default: from 200 ms to 5 minutes. */
  readonly backOff?: BackOff;
  readonly observe?: ControllerObserver;
}

export interface Controller {
  /** Asks for a reconcile of the key; the earliest time asked for wins. */
  enqueue(key: string, afterMs?: number): void;
  /** Keys that wait, due or not. */
  readonly waiting: number;
  /** Resolves when the signal has aborted and the last reconcile has ended. Never rejects. */
  readonly stopped: Promise<void>;
}

export function startController(options: ControllerOptions): Controller {
  const { clock, observe, signal } = options;
  const queue = new WorkQueue(clock, (waitedMs) => observe?.taken(waitedMs));
  const failures = new Map<string, number>();

  const work = async (): Promise<void> => {
    for (let key = await queue.next(signal); key !== undefined; key = await queue.next(signal)) {
      const began = clock.monotonic();
      try {
        const outcome = await options.reconcile(key, signal);
        failures.delete(key);
        observe?.reconciled(clock.monotonic() - began, "done");
        if (outcome?.lookAgainAfterMs !== undefined) queue.add(key, outcome.lookAgainAfterMs);
      } catch (error) {
        observe?.reconciled(clock.monotonic() - began, "failed");
        if (!signal.aborted) queue.add(key, retryDelay(options, failures, { key, error }));
      } finally {
        queue.done(key);
      }
    }
  };

  const workers = Array.from({ length: options.workers ?? 1 }, work);
  return {
    enqueue: (key, afterMs) => queue.add(key, afterMs),
    get waiting() {
      return queue.size;
    },
    stopped: Promise.all(workers).then(() => undefined),
  };
}

/** A server that gives no answer says nothing of the key. When it is back, nobody else may ask for a reconcile. */
const longestAwayMs = 10_000;

/** Notes the failure, tells of it, and answers after how many milliseconds to try again. */
function retryDelay(
  options: ControllerOptions,
  failures: Map<string, number>,
  failed: { readonly key: string; readonly error: unknown },
): number {
  const { key, error } = failed;
  const count = (failures.get(key) ?? 0) + 1;
  failures.set(key, count);
  const { baseMs, maxMs } = options.backOff ?? { baseMs: 200, maxMs: 300_000 };
  const away = error instanceof ServerError || error instanceof TransportError;
  const backOff = { baseMs, maxMs: away ? Math.min(maxMs, longestAwayMs) : maxMs };
  const afterMs = backOffDelay({ failures: count, error }, backOff, options.clock.random());
  const fields = { controller: options.name, key, failures: count, retryAfterMs: afterMs, err: error };
  // A conflict is how two writers find out about each other; one that persists is worth an error.
  if (error instanceof ConflictError && count < 5) options.log.info(fields, "reconcile met a conflict");
  else options.log.error(fields, "reconcile failed");
  return afterMs;
}
