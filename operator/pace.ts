/**
 * How often a queue is brought forward. A turn looks at every task that waits, so its cost grows with the queue: ten
 * thousand submissions in a row must not cost ten thousand such turns. A turn that took t is followed by a pause of nine
 * times t, so turns take a tenth of one core at most; in a queue of a usual length nobody notices.
 */
const pausePerTurn = 9;
/** A machine that is busy with other things makes turns look long. */
const longestPauseMs = 1000;

export class Pace {
  readonly #notBefore = new Map<string, number>();

  /** Milliseconds until the queue may be brought forward again. @param monotonic the clock's monotonic milliseconds */
  dueIn(queue: string, monotonic: number): number {
    return Math.max(0, (this.#notBefore.get(queue) ?? 0) - monotonic);
  }

  /** A turn is over. */
  took(queue: string, { began, ended }: { readonly began: number; readonly ended: number }): void {
    this.#notBefore.set(queue, ended + Math.min(longestPauseMs, pausePerTurn * (ended - began)));
  }

  forget(queue: string): void {
    this.#notBefore.delete(queue);
  }
}
