/**
 * Places in the queues, as they are stored: of each queue the first ten, computed anew at most every ten seconds. The
 * API computes everybody's place when asked; these serve `kubectl get`.
 */
import type { Place } from "./observed.ts";
import type { TaskView } from "./views.ts";

export const storedPlaces = 10;
export const placesEveryMs = 10_000;

interface Board {
  readonly places: ReadonlyMap<string, Place>;
  /** Monotonic milliseconds. */
  readonly at: number;
}

export class Places {
  readonly #boards = new Map<string, Board>();

  /** null: not among the first ten. undefined: not known yet. */
  of({ metadata, spec }: TaskView): Place | null | undefined {
    const board = this.#boards.get(spec.queue);
    return board && (board.places.get(metadata.uid) ?? null);
  }

  /** Milliseconds until the places of this queue may be computed anew. */
  dueIn(queue: string, monotonic: number): number {
    const board = this.#boards.get(queue);
    return board === undefined ? 0 : Math.max(0, board.at + placesEveryMs - monotonic);
  }

  /**
   * Takes a queue's line.
   * @param places by uid of the task, in order
   * @returns uids of the tasks whose place has changed, also of those that have none any more
   */
  set(queue: string, places: ReadonlyMap<string, Place>, monotonic: number): string[] {
    const before = this.#boards.get(queue)?.places ?? new Map<string, Place>();
    this.#boards.set(queue, { places, at: monotonic });
    const gone = [...before.keys()].filter((uid) => !places.has(uid));
    const moved = [...places].filter(([uid, { position }]) => before.get(uid)?.position !== position);
    return [...gone, ...moved.map(([uid]) => uid)];
  }

  forget(queue: string): void {
    this.#boards.delete(queue);
  }
}
