/**
 * The trial processes of a search. A trial goes to a process that has nothing else to do, in the order in which trials
 * are asked for; refits go first. A process that a trial has ended is replaced when there is work for it. Further ones are
 * started only while trials have to wait: a tiny search needs one.
 *
 * Which process a trial ran in, and beside which others, changes nothing of its scores.
 */
import type { TrainerClock } from "../clock.ts";
import { OutOfMemoryError, StoppedError } from "../errors.ts";
import type { Trial } from "./evaluate.ts";
import type { Refit, Refitted } from "./refit.ts";
import type { TrialAnswer, TrialError, TrialOrder } from "./trial-orders.ts";
import type { TrialProcess } from "./trial-process.ts";

export interface Evaluated {
  readonly outcome: { readonly scores: readonly number[] } | { readonly error: TrialError };
  readonly seconds: number;
}

export interface TrialPool {
  /** Rejects with StoppedError where it was given up, with OutOfMemoryError where the rows do not fit into a process. */
  evaluate(trial: Trial): Promise<Evaluated>;
  /** Rejects as `evaluate` does. */
  refit(order: Refit): Promise<Refitted | { readonly error: TrialError }>;
  /** Gives up all trials that wait or run; refits go on, and the pool can be used further. */
  drop(): void;
  close(): void;
}

export type TrialRunner = Pick<TrialProcess, "ready" | "ended" | "run" | "close">;

export interface PoolOptions {
  readonly start: () => TrialRunner;
  /** At most so many at a time. */
  readonly processes: number;
  readonly clock: TrainerClock;
}

interface Answered {
  readonly answer: TrialAnswer;
  readonly seconds: number;
}

interface Job {
  readonly order: Exclude<TrialOrder, { begin: unknown }>;
  readonly answered: PromiseWithResolvers<Answered>;
}

/** What has waited so long is worth the start of further processes: as many as there are. */
const worthMs = 200;
/** Processes in a row that end before they are ready: then it is not a trial's fault. */
const maxFailedStarts = 3;

export function trialPool(options: PoolOptions): TrialPool {
  const pool = new Processes(options);
  return {
    async evaluate(trial) {
      const { answer, seconds } = await pool.do({ evaluate: trial });
      return { outcome: "scores" in answer ? { scores: answer.scores } : { error: errorOf(answer) }, seconds };
    },
    async refit(order) {
      const { answer } = await pool.do({ refit: order });
      return "refitted" in answer ? answer.refitted : { error: errorOf(answer) };
    },
    drop: () => pool.drop(),
    close: () => pool.close(),
  };
}

function errorOf(answer: TrialAnswer): TrialError {
  return "error" in answer ? answer.error : { cause: "crash", message: "its process gave an answer to something else" };
}

class Processes {
  readonly #options: PoolOptions;
  readonly #waiting: Job[] = [];
  /** Those that live, and how many orders each has had. */
  readonly #orders = new Map<TrialRunner, number>();
  readonly #idle: TrialRunner[] = [];
  readonly #running = new Map<TrialRunner, Job>();
  readonly #closing = new AbortController();
  #failedStarts = 0;
  #broken: Error | undefined;
  #isGrowing = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  do(order: Job["order"]): Promise<Answered> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const answered = Promise.withResolvers<Answered>();
    if ("refit" in order) this.#waiting.unshift({ order, answered });
    else this.#waiting.push({ order, answered });
    this.#assign();
    return answered.promise;
  }

  drop(isGivenUp = (order: Job["order"]): boolean => "evaluate" in order): void {
    const waiting = this.#waiting.splice(0);
    this.#waiting.push(...waiting.filter(({ order }) => !isGivenUp(order)));
    const running = [...this.#running].filter(([, { order }]) => isGivenUp(order));
    for (const [process] of running) this.#end(process);
    const givenUp = [...waiting.filter(({ order }) => isGivenUp(order)), ...running.map(([, job]) => job)];
    for (const { answered } of givenUp) answered.reject(new StoppedError("the trial was given up"));
    this.#assign();
  }

  close(): void {
    this.#broken ??= new StoppedError("the trial processes were closed");
    this.#closing.abort();
    this.drop(() => true);
    for (const process of this.#orders.keys()) this.#end(process);
  }

  #assign(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const process = this.#idle.pop()!;
      if (process.ended) this.#end(process);
      else void this.#run(process, this.#waiting.shift()!);
    }
    if (this.#waiting.length === 0) return;
    if (this.#orders.size === 0) void this.#start();
    else if (!this.#isGrowing) void this.#grow();
  }

  /** Starts further processes while something waits. */
  async #grow(): Promise<void> {
    this.#isGrowing = true;
    while (this.#waiting.length > 0 && this.#orders.size < this.#options.processes && this.#broken === undefined) {
      await this.#options.clock.sleep(worthMs, this.#closing.signal);
      const free = this.#options.processes - this.#orders.size;
      const more = Math.min(free, Math.max(1, this.#orders.size), this.#waiting.length);
      for (let count = 0; count < more; count++) void this.#start();
    }
    this.#isGrowing = false;
  }

  async #start(): Promise<void> {
    const process = await this.#started();
    if (process !== undefined) this.#idle.push(process);
    this.#assign();
  }

  /** Undefined where it does not come to be ready. */
  async #started(): Promise<TrialRunner | undefined> {
    if (this.#broken !== undefined) return undefined;
    const process = this.#options.start();
    this.#orders.set(process, 0);
    try {
      await process.ready;
      this.#failedStarts = 0;
      return process;
    } catch (error) {
      this.#end(process);
      this.#failedStarts += 1;
      if (error instanceof OutOfMemoryError || this.#failedStarts === maxFailedStarts) this.#break(error as Error);
      return undefined;
    }
  }

  async #run(process: TrialRunner, job: Job): Promise<void> {
    const begin = this.#options.clock.monotonic();
    const answer = await this.#answer(process, job);
    job.answered.resolve({ answer, seconds: (this.#options.clock.monotonic() - begin) / 1000 });
    this.#assign();
  }

  /** The process is idle again, or gone, when the answer is there. */
  async #answer(process: TrialRunner, job: Job): Promise<TrialAnswer> {
    const orders = this.#orders.get(process) ?? 0;
    this.#orders.set(process, orders + 1);
    this.#running.set(process, job);
    const answer = await process.run(job.order);
    const isDropped = !this.#running.delete(process);
    if (!process.ended) this.#idle.push(process);
    else this.#end(process);
    const isKilled = process.ended && "error" in answer && answer.error.cause === "memory";
    if (isDropped || !isKilled || orders === 0) return answer;
    // It is not to be blamed for what those before it have left in memory.
    const fresh = await this.#started();
    return fresh === undefined ? answer : this.#answer(fresh, job);
  }

  #end(process: TrialRunner): void {
    this.#orders.delete(process);
    this.#running.delete(process);
    process.close();
  }

  #break(error: Error): void {
    this.#broken ??= error;
    for (const { answered } of this.#waiting.splice(0)) answered.reject(this.#broken);
  }
}
