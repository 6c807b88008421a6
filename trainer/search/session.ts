/**
 * A search from its first trial to its model, wherever that is stored: the strategy is followed, the best pipeline is kept
 * fitted, the log says how far it is. Nothing here knows of streams.
 */
import { writeLine } from "../../model/write.ts";
import type { TrainerClock } from "../clock.ts";
import { StoppedError } from "../errors.ts";
import type { Snapshot } from "../grower.ts";
import type { Log } from "../log.ts";
import { Keeper, type Kept } from "./keeper.ts";
import { nothingEvaluated } from "./nothing-evaluated.ts";
import { parsePipeline } from "./pipeline.ts";
import { type Batch, search, type SearchEnd, type Trial } from "./search.ts";
import { type SearchReport, searchReport, shownScore } from "./search-report.ts";
import type { Prepared } from "./searcher.ts";
import { failedText, Tally } from "./tally.ts";
import { type NewRecord, rounded, type TrialRecord } from "./trials.ts";

export interface SessionOptions {
  readonly clock: TrainerClock;
  readonly log: Log;
  /** Called whenever a trial or a generation has ended. */
  readonly onSnapshot: (snapshot: Snapshot) => void;
  /** Most bytes of the model, and of one of its lines. */
  readonly maxModelBytes: number;
  readonly maxLineBytes: number;
  /** Aborts when we are asked to stop. */
  readonly stop: AbortSignal;
}

export interface Beginning {
  /** Of earlier attempts. */
  readonly stored: readonly TrialRecord[];
  /** Whether these are all that there will be. */
  readonly done: boolean;
  readonly store: (record: TrialRecord) => Promise<void>;
}

export class Session {
  readonly #prepared: Prepared;
  readonly #options: SessionOptions;
  readonly #keeper: Keeper;
  readonly #tally = new Tally();
  /** Of all trials so far. */
  #best: Trial["result"] | undefined;

  constructor(prepared: Prepared, options: SessionOptions) {
    this.#prepared = prepared;
    this.#options = options;
    this.#keeper = new Keeper(({ text }) => {
      const pipeline = parsePipeline(text, prepared.operators);
      const maxModelBytes = options.maxModelBytes - Buffer.byteLength(this.#header(text, pipeline.length + 1)) - 1;
      return prepared.pool.refit({ pipeline, maxModelBytes, maxLineBytes: options.maxLineBytes });
    });
  }

  /**
   * Follows the strategy to its end, or to the end of the time.
   * @throws StoppedError when asked to stop; all that has ended until then is stored
   */
  async search({ stored, done, store }: Beginning): Promise<SearchEnd> {
    const { clock, stop } = this.#options;
    const { strategy, pool, spec } = this.#prepared;
    const begin = clock.monotonic();
    const before = stored.reduce((most, { elapsed }) => Math.max(most, elapsed), 0);
    const elapsed = (): number => before + (clock.monotonic() - begin) / 1000;
    const [over, ended] = [new AbortController(), new AbortController()];
    const end = (): void => {
      over.abort();
      pool.drop();
    };
    if (done || stop.aborted) over.abort();
    stop.addEventListener("abort", end);
    if (spec.maxTimeSeconds !== undefined)
      void sleepLong(clock, (spec.maxTimeSeconds - before) * 1000, ended.signal).then(() => {
        if (!ended.signal.aborted) end();
      });
    try {
      const searched = await search({
        strategy,
        evaluate: (trial) => pool.evaluate(trial),
        stored,
        over: over.signal,
        onKnown: (record) => this.#tally.add(record),
        onBest: (result) => this.#want(result),
        onBatch: (batch) => this.#tellBatch(batch),
        onTrial: (record) => {
          this.#tellTrial(record);
          return store({ ...record, elapsed: rounded(elapsed()) });
        },
      });
      if (stop.aborted) throw new StoppedError("Asked to stop.");
      return searched;
    } finally {
      ended.abort();
      stop.removeEventListener("abort", end);
    }
  }

  /**
   * The best pipeline that can be fitted on all rows.
   * @param only the one that it is to be
   * @throws ConfigurationError or DataError, saying the commonest reasons, where there is none
   */
  async best({ trials }: SearchEnd, only?: string): Promise<Kept> {
    const { strategy } = this.#prepared;
    const results = trials.flatMap(({ result }) => (only === undefined || result.text === only ? [result] : []));
    if (strategy.best(results) === undefined) {
      const errors = trials.flatMap(({ record: { error } }) => (error === undefined ? [] : [error]));
      throw nothingEvaluated(`None of ${trials.length} pipelines could be evaluated`, errors);
    }
    const kept = await this.#keeper.settle((isExcluded) =>
      strategy.best(results.filter(({ text }) => !isExcluded(text))),
    );
    if (kept !== undefined) return kept;
    const errors = [...this.#keeper.failed.values()];
    throw nothingEvaluated(`None of ${errors.length} pipelines with a score could be fitted on all rows`, errors);
  }

  /**
   * For a search that is stopped: the best pipeline so far, if it is fitted before the signal aborts; else the last one
   * that was. Undefined where none was.
   */
  async bestSoFar(late: AbortSignal): Promise<Kept | undefined> {
    const best = this.#best;
    if (best !== undefined && this.#keeper.kept?.result.text !== best.text) {
      const fitted = this.#keeper.settle((isExcluded) => (isExcluded(best.text) ? undefined : best));
      await Promise.race([fitted.catch(() => undefined), aborted(late)]);
    }
    return this.#keeper.kept;
  }

  /** The model's lines, `end` not among them: without line breaks. */
  lines({ result, refitted }: Kept): string[] {
    return [this.#header(result.text, refitted.lines.length), ...refitted.lines];
  }

  report(end: SearchEnd, kept: Kept): SearchReport {
    const failed = this.#keeper.failed;
    const unfit = new Map([...failed].filter(([text]) => text !== kept.result.text));
    return searchReport({ prepared: this.#prepared, end, tally: this.#tally, kept, unfit });
  }

  /** With the score that the report has. */
  lastSnapshot(kept: Kept): Snapshot {
    const { problemType } = this.#prepared.table.header;
    return { ...this.#tally.snapshot(), score: shownScore(kept, problemType) };
  }

  #header(pipeline: string, steps: number): string {
    return writeLine({ ...this.#prepared.table.header, search: { pipeline, steps } });
  }

  #want(result: Trial["result"]): void {
    this.#best = result;
    this.#keeper.want(result);
  }

  #tellTrial(record: TrialRecord | NewRecord): void {
    const { log, onSnapshot } = this.#options;
    const { error, pipeline, trial } = record;
    this.#tally.add(record);
    // Most errors are of pipelines that cannot be: they are counted, and stand in the trials.
    if (error !== undefined && error.cause !== "error")
      log(`Trial ${trial} failed (${error.cause}): ${pipeline}: ${error.message}.`);
    onSnapshot(this.#tally.snapshot());
  }

  #tellBatch({ generation, known }: Batch): void {
    const { log, onSnapshot } = this.#options;
    this.#tally.endGeneration(generation);
    onSnapshot(this.#tally.snapshot());
    if (known) return;
    const failed = failedText(this.#tally.failed);
    const best = this.#tally.best;
    const what = generation === 0 ? "First population" : `Generation ${generation}`;
    const score = best === undefined ? "none yet" : String(best);
    log(`${what} - Current best internal CV score: ${score}${failed === "" ? "" : ` (failed so far: ${failed})`}`);
  }
}

const dayMs = 86_400_000;

/** A timer of more than 24.8 days would fire at once. */
async function sleepLong(clock: TrainerClock, ms: number, signal: AbortSignal): Promise<void> {
  const begin = clock.monotonic();
  for (let left = ms; left > 0 && !signal.aborted; left = ms - (clock.monotonic() - begin))
    await clock.sleep(Math.min(left, dayMs), signal);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
