/**
 * Waiting for the other side to be well again: exponential back-off with jitter, within a patience. What is not a
 * TemporaryError is not tried again.
 */
import type { TrainerClock } from "./clock.ts";
import { TemporaryError } from "./errors.ts";

export interface Retrying {
  readonly clock: TrainerClock;
  /** How long failures may last before the last of them is thrown, in milliseconds. */
  readonly patienceMs: number;
  /** Ends the waiting: the last failure is thrown at once. */
  readonly signal?: AbortSignal;
  /** Told of the first failure of a row of them. */
  readonly onTrouble?: (error: TemporaryError) => void;
}

const firstWaitMs = 250;
const longestWaitMs = 10_000;

/** @throws TemporaryError when patience is at its end; any other error at once */
export async function retrying<T>(attempt: () => Promise<T>, options: Retrying): Promise<T> {
  const { clock, patienceMs, signal, onTrouble } = options;
  const begin = clock.monotonic();
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TemporaryError)) throw error;
      if (failures === 0) onTrouble?.(error);
      const backoff = Math.min(longestWaitMs, firstWaitMs * 2 ** failures);
      const wait = Math.max(error.retryAfterMs ?? 0, backoff * (0.5 + clock.random() / 2));
      const patience = error.patienceMs === undefined ? patienceMs : Math.min(patienceMs, error.patienceMs);
      if (signal?.aborted || clock.monotonic() - begin + wait > patience) throw error;
      await clock.sleep(wait, signal);
    }
  }
}
