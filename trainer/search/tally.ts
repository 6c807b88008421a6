/** How far a search is: counted trial by trial, for log, progress and report. */
import { type GenerationPoint, sampled } from "../curve.ts";
import type { Snapshot } from "../grower.ts";
import { type Cause, causes } from "./trial-orders.ts";
import type { NewRecord } from "./trials.ts";

export class Tally {
  readonly #failed = new Map<Cause, number>();
  readonly #points: GenerationPoint[] = [];
  #trials = 0;
  #best: number | undefined;

  get trials(): number {
    return this.#trials;
  }

  /** The best score of a whole pipeline; greater is better. */
  get best(): number | undefined {
    return this.#best;
  }

  /** How many trials have failed, of each cause that any failed of. */
  get failed(): Partial<Record<Cause, number>> {
    return Object.fromEntries(
      causes.flatMap((cause) => (this.#failed.has(cause) ? [[cause, this.#failed.get(cause)]] : [])),
    );
  }

  add({ error, score, members }: NewRecord): void {
    this.#trials += 1;
    if (error !== undefined) this.#failed.set(error.cause, (this.#failed.get(error.cause) ?? 0) + 1);
    // A part of an ensemble is no pipeline yet.
    if (score !== undefined && members === undefined) this.#best = Math.max(score, this.#best ?? -Infinity);
  }

  /** To be called when all of its trials are added. */
  endGeneration(generation: number): void {
    if (this.#best !== undefined) this.#points.push({ generation, score: this.#best });
  }

  /** The best score after each generation; at most 20 points. */
  curve(): readonly GenerationPoint[] {
    return sampled(this.#points);
  }

  snapshot(): Snapshot {
    const best = this.#best;
    const failed = [...this.#failed.values()].reduce((sum, count) => sum + count, 0);
    return {
      trees: this.#trials,
      ...(best === undefined ? {} : { score: scoreLine(best) }),
      metrics: [...(best === undefined ? [] : [{ name: "cv_score", value: best }]), { name: "failed", value: failed }],
      curve: this.curve(),
    };
  }
}

/** In the task's status. */
export function scoreLine(score: number): string {
  return `cv ${score.toPrecision(3)}`;
}

/** `5 of error, 2 of time`; "" where none has failed. */
export function failedText(failed: Partial<Record<Cause, number>>): string {
  return Object.entries(failed)
    .map(([cause, count]) => `${count} of ${cause}`)
    .join(", ");
}
