/**
 * A Clock that stands still until it is told to go on: tests and simulations step through minutes in milliseconds.
 * Timers run in the order of their time, then of their making, and what their callbacks set off (promises,
 * immediates) settles before the next one runs. Chance is a seeded generator, so that a run can be repeated.
 */
import type { Clock } from "./clock.ts";

export interface VirtualClock extends Clock {
  /** Moves time on by `ms` milliseconds and runs every timer that falls due on the way. */
  advance(ms: number): Promise<void>;
  /**
   * Goes from timer to timer until `condition` holds.
   * @throws Error when it does not hold after `limitMs` milliseconds (default one hour) of virtual time
   */
  advanceUntil(condition: () => boolean, limitMs?: number): Promise<void>;
  /** Lets promises and immediates settle; time stands still. */
  settle(): Promise<void>;
  /** Moves the wall clock alone, as an administrator or NTP would; timers and `monotonic` do not notice. */
  jump(ms: number): void;
  /** Number of timers that wait. */
  readonly pending: number;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** Turns of the event loop that count as settled: chains of awaits end in one, immediates of immediates need more. */
const turnsToSettle = 4;

export function virtualClock(start: { now?: number; seed?: number } = {}): VirtualClock {
  // Sorted by due time; equal times keep the order in which they were set.
  const timers: Timer[] = [];
  const random = generator(start.seed ?? 1);
  let elapsed = 0;
  let epoch = start.now ?? Date.UTC(2030, 0, 1);

  const after: Clock["after"] = (ms, callback) => {
    const timer = { due: elapsed + Math.max(0, ms), callback };
    timers.splice(positionAfter(timers, timer.due), 0, timer);
    return () => {
      const at = timers.indexOf(timer);
      if (at >= 0) timers.splice(at, 1);
    };
  };

  const runUntil = async (target: number, enough: () => boolean): Promise<void> => {
    await settle();
    while (!enough()) {
      const next = timers[0];
      if (next === undefined || next.due > target) {
        elapsed = target;
        break;
      }
      timers.shift();
      elapsed = Math.max(elapsed, next.due);
      next.callback();
      await settle();
    }
    await settle();
  };

  return {
    now: () => Math.floor(epoch + elapsed),
    monotonic: () => elapsed,
    after,
    sleep: (ms, signal) => sleepUntil(after, ms, signal),
    random,
    advance: (ms) => runUntil(elapsed + ms, () => false),
    async advanceUntil(condition, limitMs = 3_600_000) {
      await runUntil(elapsed + limitMs, condition);
      if (!condition()) throw new Error(`not so after ${limitMs} ms of virtual time: ${condition.toString()}`);
    },
    settle,
    jump(ms) {
      epoch += ms;
    },
    get pending() {
      return timers.length;
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < turnsToSettle; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

function sleepUntil(after: Clock["after"], ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = after(ms, done);
    signal?.addEventListener("abort", done);
  });
}

/** Where a timer of this due time belongs: behind all that are due no later. */
function positionAfter(timers: readonly Timer[], due: number): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timers[middle]?.due ?? Infinity) <= due) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Mulberry32: small, fast and good enough for jitter. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
