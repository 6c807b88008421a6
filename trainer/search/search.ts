/**
 * A search, batch by batch: what the strategy proposes is evaluated, as many at a time as the pool can, and when all of
 * a batch have ended the strategy is asked again. Trials that an earlier attempt has stored are not evaluated again: the
 * strategy is asked as from the beginning, and most of its questions are answered already.
 */
import { StoppedError } from "../errors.ts";
import type { TrialPool } from "./pool.ts";
import type { Proposal, Result, Strategy } from "./strategy.ts";
import { type NewRecord, recordOf, resultOf, trialKey, type TrialRecord } from "./trials.ts";

export interface SearchOptions {
  readonly strategy: Strategy;
  readonly evaluate: TrialPool["evaluate"];
  /** Of earlier attempts. */
  readonly stored: readonly TrialRecord[];
  /** Aborts when nothing further is to be evaluated; what runs then is given up. */
  readonly over: AbortSignal;
  /** Called with each stored trial that the strategy proposes. */
  readonly onKnown: (record: NewRecord) => void;
  /** Called with each trial that was evaluated here, as it ends; the search waits for it. */
  readonly onTrial: (record: NewRecord) => Promise<void>;
  /** Called with each that is better than all before, in the order in which they end; of those stored with the last one. */
  readonly onBest: (result: Result) => void;
  /** Called when a batch has ended, with all results so far. */
  readonly onBatch: (batch: Batch) => void;
}

export interface Batch {
  readonly generation: number;
  /** In the order proposed. */
  readonly trials: readonly Trial[];
  /** Whether all of it was known before. */
  readonly known: boolean;
}

export interface Trial {
  readonly result: Result;
  readonly record: NewRecord;
}

export interface SearchEnd {
  /** In the order proposed. */
  readonly trials: readonly Trial[];
  /** Whether the strategy had nothing further to propose. */
  readonly complete: boolean;
}

/** Rejects with what the pool rejects with, unless it is that a trial was given up. */
export async function search(options: SearchOptions): Promise<SearchEnd> {
  const { strategy, onBatch } = options;
  const evaluation = new Evaluation(options);
  const trials: Trial[] = [];
  const results: Result[] = [];
  for (;;) {
    const batch = strategy.next(results);
    if (batch === undefined) {
      evaluation.tellBest();
      return { trials, complete: true };
    }
    const before = evaluation.count;
    const ended = await Promise.all(batch.map((proposal) => evaluation.trial(proposal)));
    const done = ended.filter((trial) => trial !== undefined);
    trials.push(...done);
    results.push(...done.map(({ result }) => result));
    if (done.length < batch.length) return { trials, complete: false };
    onBatch({ generation: batch[0]!.generation, trials: done, known: evaluation.count === before });
  }
}

class Evaluation {
  readonly #options: SearchOptions;
  readonly #stored: ReadonlyMap<string, TrialRecord>;
  #best: Result | undefined;
  #told: Result | undefined;
  /** Trials evaluated here. */
  count = 0;

  constructor(options: SearchOptions) {
    this.#options = options;
    // Of two the one that was stored first counts: the other came of an attempt that did not know of it.
    this.#stored = new Map(
      options.stored.toReversed().map((record) => [trialKey({ ...record, text: record.pipeline }), record]),
    );
  }

  /** Undefined where it was given up. */
  async trial(proposal: Proposal): Promise<Trial | undefined> {
    const stored = this.#stored.get(trialKey(proposal));
    if (stored !== undefined) {
      // The number is the proposal's, whatever it was when it was stored.
      const record = { ...stored, trial: proposal.trial };
      const result = resultOf(record);
      this.#isBest(result);
      this.#options.onKnown(record);
      return { result, record };
    }
    this.tellBest();
    if (this.#options.over.aborted) return undefined;
    const { pipeline, members } = proposal;
    const evaluated = await this.#options.evaluate({ pipeline, members }).catch(orGivenUp);
    if (evaluated === undefined) return undefined;
    this.count += 1;
    const plain = recordOf(proposal, evaluated);
    const result = resultOf(plain);
    const record = { ...plain, ...(this.#isBest(result) ? { best: true as const } : {}) };
    this.tellBest();
    await this.#options.onTrial(record);
    return { result, record };
  }

  tellBest(): void {
    if (this.#best === undefined || this.#best === this.#told) return;
    this.#told = this.#best;
    this.#options.onBest(this.#best);
  }

  #isBest(result: Result): boolean {
    const best = this.#options.strategy.best([...(this.#best === undefined ? [] : [this.#best]), result]);
    if (best !== result) return false;
    this.#best = best;
    return true;
  }
}

function orGivenUp(error: unknown): undefined {
  if (!(error instanceof StoppedError)) throw error;
}
