/**
 * Time and chance, the only place in the control plane that asks for them. Pure code takes `now` as an argument,
 * machinery takes a Clock, so that tests step time instead of sleeping.
 */
export interface Clock {
  /** Milliseconds since 1970, for timestamps. May jump. */
  now(): number;
  /** Milliseconds that never go back, for durations and deadlines. */
  monotonic(): number;
  /** Calls `callback` once after `ms` milliseconds; the answer cancels it. Does not keep the process alive. */
  after(ms: number, callback: () => void): () => void;
  /** Resolves after `ms` milliseconds, or at once when the signal aborts (it never rejects: look at the signal). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1), for jitter. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, 2 ** 31 - 1));
    timer.unref();
    return () => clearTimeout(timer);
  },
  sleep(ms, signal) {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
      signal?.addEventListener("abort", done);
    });
  },
  random: () => Math.random(),
};
