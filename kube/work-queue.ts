/**
 * Keys that wait to be worked on. A key is in here at most once (the earliest time asked for wins) and with at most one
 * worker at a time: asked for again in the meantime, it comes back when that worker is done.
 *
 *     add ──> dirty (by due time) ──> next ──> processing ──> done
 *                     ^                            │ add meanwhile
 *                     └────────────────────────────┘
 */
import type { Clock } from "./clock.ts";
import { dueHeap, type Due } from "./due-heap.ts";

export class WorkQueue {
  readonly #clock: Clock;
  readonly #onTaken: (waitedMs: number) => void;
  readonly #dirty = new Map<string, Due>();
  readonly #processing = new Set<string>();
  readonly #heap = dueHeap((item) => this.#dirty.get(item.key) === item);
  readonly #idle: ((key: string) => void)[] = [];
  #order = 0;
  #cancelAlarm: (() => void) | undefined;

  /** @param onTaken told of each key that a worker takes, how long after it was due */
  constructor(clock: Clock, onTaken: (waitedMs: number) => void = () => undefined) {
    this.#clock = clock;
    this.#onTaken = onTaken;
  }

  /** Keys that wait, due or not. */
  get size(): number {
    return this.#dirty.size;
  }

  /** Asks for the key to be worked on, `afterMs` from now. */
  add(key: string, afterMs = 0): void {
    const due = this.#clock.monotonic() + Math.max(0, afterMs);
    const known = this.#dirty.get(key);
    if (known !== undefined && known.due <= due) return;
    const item = { key, due, order: this.#order++ };
    this.#dirty.set(key, item);
    if (this.#processing.has(key)) return;
    this.#heap.push(item);
    this.#dispatch();
  }

  /** The next key that is due; waits for one, and answers undefined once the signal aborts. */
  next(signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    const key = this.#takeDue();
    if (key !== undefined) return Promise.resolve(key);
    return new Promise((resolve) => {
      const give = (given: string): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(given);
      };
      const onAbort = (): void => {
        this.#idle.splice(this.#idle.indexOf(give), 1);
        this.#dispatch();
        resolve(undefined);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#idle.push(give);
      this.#dispatch();
    });
  }

  /** The worker that got this key has finished with it. */
  done(key: string): void {
    this.#processing.delete(key);
    const again = this.#dirty.get(key);
    if (again === undefined) return;
    this.#heap.push(again);
    this.#dispatch();
  }

  #takeDue(): string | undefined {
    const first = this.#heap.peek();
    const now = this.#clock.monotonic();
    if (first === undefined || first.due > now) return undefined;
    this.#heap.pop();
    this.#dirty.delete(first.key);
    this.#processing.add(first.key);
    this.#onTaken(now - first.due);
    return first.key;
  }

  /** Gives due keys to idle workers and sets the alarm for the first key that is not due yet. */
  #dispatch(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
    while (this.#idle.length > 0) {
      const key = this.#takeDue();
      if (key === undefined) break;
      this.#idle.shift()?.(key);
    }
    const first = this.#heap.peek();
    if (this.#idle.length === 0 || first === undefined) return;
    this.#cancelAlarm = this.#clock.after(first.due - this.#clock.monotonic(), () => this.#dispatch());
  }
}
