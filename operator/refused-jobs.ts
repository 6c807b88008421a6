/**
 * Tasks whose Job was not made, mostly because the API server did not take it, and when to try again. A refused task holds no slot and stands back
 * for a while, so that the tasks behind it can go on; after a restart it is simply tried once more.
 */
import type { Refusal } from "./observed.ts";

const firstMs = 5000;
const longestMs = 300_000;

interface Entry {
  readonly refusal: Refusal;
  readonly failures: number;
  /** Milliseconds since 1970. */
  readonly retryAt: number;
  /** The generation that was refused: a changed spec is tried at once. */
  readonly generation: number;
}

type Asked = { readonly uid: string; readonly generation?: number };

export class Refusals {
  readonly #entries = new Map<string, Entry>();

  note({ uid, generation = 0 }: Asked, refusal: Refusal, now: number): void {
    const failures = (this.#entries.get(uid)?.failures ?? 0) + 1;
    const waitMs = Math.min(longestMs, firstMs * 2 ** (failures - 1));
    this.#entries.set(uid, { refusal, failures, retryAt: now + waitMs, generation });
  }

  /** What stands against this task, if anything. */
  of({ uid, generation = 0 }: Asked): Refusal | undefined {
    const entry = this.#entries.get(uid);
    return entry?.generation === generation ? entry.refusal : undefined;
  }

  /** When the task may be tried again, in milliseconds since 1970; undefined when nothing stands against it. */
  retryAt({ uid, generation = 0 }: Asked): number | undefined {
    const entry = this.#entries.get(uid);
    if (entry === undefined || entry.generation !== generation) return undefined;
    return entry.refusal.kind !== "quota" ? Number.POSITIVE_INFINITY : entry.retryAt;
  }

  forget(uid: string): void {
    this.#entries.delete(uid);
  }
}
