/**
 * Since when a task's newest Job is in its phase, as this operator saw it. Kept in memory alone: it only serves the two
 * seconds of patience before Starting or Finishing is worth a write, so an operator that starts anew is patient anew,
 * and clocks that disagree with the API server's do no harm.
 */
import { jobPhase } from "./observed.ts";
import type { JobView } from "./views.ts";

export class Phases {
  readonly #seen = new Map<string, { readonly phase: string; readonly since: number }>();

  /** @returns when the phase that the Job is in now was first seen, in milliseconds since 1970 */
  since(taskUid: string, job: JobView | undefined, now: number): number {
    const phase = jobPhase(job);
    const seen = this.#seen.get(taskUid);
    // A wall clock that was set back must not make two seconds into an hour.
    if (seen?.phase === phase && seen.since <= now) return seen.since;
    if (job === undefined) this.#seen.delete(taskUid);
    else this.#seen.set(taskUid, { phase, since: now });
    return now;
  }

  forget(taskUid: string): void {
    this.#seen.delete(taskUid);
  }
}
