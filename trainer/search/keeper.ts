/**
 * The best pipeline so far, fitted on all training rows, so that a search which is stopped at any time leaves a model.
 * One refit runs at a time, before the trials that wait; a best that was replaced before its turn came is skipped. A
 * pipeline that cannot be fitted on all rows is no model: the next best one takes its place.
 */
import { unobserved } from "../unobserved.ts";
import type { Refitted } from "./refit.ts";
import type { Result } from "./strategy.ts";
import type { TrialError } from "./trial-orders.ts";

export interface Kept {
  readonly result: Result;
  readonly refitted: Refitted;
}

export type RefitBest = (result: Result) => Promise<Refitted | { readonly error: TrialError }>;

export class Keeper {
  readonly #refit: RefitBest;
  readonly #failed = new Map<string, TrialError>();
  #wanted: Result | undefined;
  #working: Promise<void> | undefined;
  #kept: Kept | undefined;

  constructor(refit: RefitBest) {
    this.#refit = refit;
  }

  /** The last one that was fitted: there may be better ones since. */
  get kept(): Kept | undefined {
    return this.#kept;
  }

  /** Pipelines that could not be fitted on all rows, and why. */
  get failed(): ReadonlyMap<string, TrialError> {
    return this.#failed;
  }

  /** Is to be called with each new best. */
  want(result: Result): void {
    this.#wanted = result;
    void this.#work();
  }

  /**
   * The best pipeline that can be fitted on all rows.
   * @param best the best of all but those that are excluded
   * @returns undefined where there is none; rejects as the pool does
   */
  async settle(best: (isExcluded: (text: string) => boolean) => Result | undefined): Promise<Kept | undefined> {
    for (;;) {
      const result = best((text) => this.#failed.has(text));
      if (result === undefined) return undefined;
      this.#wanted = result;
      await this.#work();
      if (this.#kept?.result.text === result.text) return this.#kept;
    }
  }

  #work(): Promise<void> {
    this.#working ??= unobserved(
      this.#refitWanted().finally(() => {
        this.#working = undefined;
      }),
    );
    return this.#working;
  }

  async #refitWanted(): Promise<void> {
    for (;;) {
      const result = this.#wanted;
      if (result === undefined || result.text === this.#kept?.result.text || this.#failed.has(result.text)) return;
      const refitted = await this.#refit(result);
      if ("error" in refitted) this.#failed.set(result.text, refitted.error);
      else this.#kept = { result, refitted };
    }
  }
}
