/** Waiting, always with a bound and with a reason in the error. */
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again until it is so.
 * @throws Error that says what was awaited
 */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    signal?.throwIfAborted();
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await sleep(100);
  }
}
