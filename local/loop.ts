/**
 * The loop under each controller of the local cluster. Keys are woken by changes and by time; each turn of the clock
 * brings every woken key up to date once. The registry answers at once, so a pass is synchronous and reads what is
 * true now: there is no cache to wait for and no conflict to retry. A pass that throws is tried again later, and
 * harms no other key.
 */
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";

export interface LoopOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Brings one key up to date. Answers in how many milliseconds to look again though nothing changes. */
  readonly sync: (key: string) => number | undefined;
}

export interface Loop {
  /** Has the key looked at in the next turn, however often it is woken before. */
  wake(key: string): void;
  /** No pass starts after this. */
  close(): void;
}

const firstRetryMs = 1_000;
const lastRetryMs = 60_000;

export function startLoop(options: LoopOptions): Loop {
  const { clock, log } = options;
  const woken = new Set<string>();
  const timers = new Map<string, () => void>();
  const failures = new Map<string, number>();
  let cancelTurn: (() => void) | undefined;
  let closed = false;

  const wake = (key: string): void => {
    if (closed) return;
    woken.add(key);
    cancelTurn ??= clock.after(0, turn);
  };

  function turn(): void {
    cancelTurn = undefined;
    const keys = [...woken];
    woken.clear();
    for (const key of keys) if (!closed) pass(key);
  }

  function pass(key: string): void {
    timers.get(key)?.();
    timers.delete(key);
    const lookAgain = attempt(key);
    // A pass may have ended the loop, or have woken its own key.
    if (lookAgain === undefined || closed) return;
    timers.set(
      key,
      clock.after(lookAgain, () => wake(key)),
    );
  }

  function attempt(key: string): number | undefined {
    try {
      const lookAgain = options.sync(key);
      failures.delete(key);
      return lookAgain;
    } catch (error) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      const retryMs = Math.min(lastRetryMs, firstRetryMs * 2 ** count);
      log.error({ loop: options.name, key, error, retryMs }, "a pass of a local controller failed");
      return retryMs;
    }
  }

  return {
    wake,
    close() {
      closed = true;
      cancelTurn?.();
      for (const cancel of timers.values()) cancel();
    },
  };
}
