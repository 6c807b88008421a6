/**
 * How long to wait before trying again: doubled from one failure to the next up to a limit, and jittered, so that
 * those who failed together do not come back together.
 */
import { ThrottledError } from "./errors.ts";

export interface BackOff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Milliseconds to wait after the n-th failure in a row: between half and all of `baseMs * 2^(failures - 1)`,
 * at most `maxMs`; counted from the end of what a Retry-After asked for.
 * @param random uniform in [0, 1)
 */
export function backOffDelay(
  failed: { readonly failures: number; readonly error?: unknown },
  backOff: BackOff,
  random: number,
): number {
  const full = Math.min(backOff.maxMs, backOff.baseMs * 2 ** Math.min(30, failed.failures - 1));
  const asked = failed.error instanceof ThrottledError ? (failed.error.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.round(asked + full / 2 + (full / 2) * random);
}
