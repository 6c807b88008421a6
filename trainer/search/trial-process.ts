/**
 * A process for trials, from outside: the rows go in once, then one order after the other. A trial cannot be interrupted
 * and bounds nothing, so its process is killed when it works too long or takes too much memory, and the trial's error says
 * which. The JavaScript heap is bounded by V8; what stands outside of it (typed arrays, WebAssembly) by a look, every 50 ms,
 * at what Linux counts for the process. Elsewhere than on Linux only the heap is bounded.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import type { TrainerClock } from "../clock.ts";
import { compileCache } from "../compile-cache.ts";
import { OutOfMemoryError } from "../errors.ts";
import { unobserved } from "../unobserved.ts";
import type { Beginning, TrialAnswer, TrialError, TrialOrder } from "./trial-orders.ts";

export interface TrialLimits {
  /** Of one trial, in milliseconds. */
  readonly timeMs: number;
  /** Of the whole process, resident. */
  readonly memoryBytes: number;
}

export interface TrialStart extends Beginning {
  readonly limits: TrialLimits;
  /** The process's first module; that of the sources, or of the bundle, if absent. */
  readonly program?: URL | undefined;
}

const ownProgram = (): URL => new URL("./trial-child.ts", import.meta.url);

const watchMs = 50;
const mebibyte = 2 ** 20;
/** What Node has resident beside its heap. */
const nodeBytes = 48 * mebibyte;

export class TrialProcess {
  /** Rejects with OutOfMemoryError where the rows do not fit; with another error where the process cannot be started. */
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #limits: TrialLimits;
  readonly #clock: TrainerClock;
  #waiting: PromiseWithResolvers<TrialAnswer> | undefined;
  #ended: TrialError | undefined;

  constructor({ limits, program = ownProgram(), ...beginning }: TrialStart, clock: TrainerClock) {
    this.#limits = limits;
    this.#clock = clock;
    const heapMb = Math.max(16, Math.floor((limits.memoryBytes - nodeBytes) / mebibyte));
    this.#child = fork(program, {
      serialization: "advanced",
      execArgv: [`--max-old-space-size=${heapMb}`],
      env: compileCache(),
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#child.on("message", (answer) => this.#waiting?.resolve(answer as TrialAnswer));
    this.#child.on("error", (error) => this.#end({ cause: "crash", message: error.message }));
    this.#child.on("exit", (code, signal) => this.#end(ofExit(code, signal, limits)));
    killFirst(this.#child.pid);
    this.ready = unobserved(this.#begin(beginning));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it takes no more orders. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Resolves with the trial's error whatever becomes of it. One at a time, once it is ready. */
  async run(order: Exclude<TrialOrder, { begin: unknown }>): Promise<TrialAnswer> {
    return this.#ask(order, this.#limits.timeMs);
  }

  /** Kills it; what it is doing ends with this error. */
  close(error: TrialError = { cause: "crash", message: "its process was closed" }): void {
    this.#end(error);
  }

  /** Reading the rows takes what it takes: the time is the trials'. */
  async #begin(begin: Beginning): Promise<void> {
    const answer = await this.#ask({ begin }, Infinity);
    if (!("error" in answer)) return;
    this.close();
    const { cause, message } = answer.error;
    if (cause !== "memory") throw new Error(`a trial process could not be started: ${message}`);
    throw new OutOfMemoryError(`The rows do not fit into the ${mebibytes(this.#limits)} of a trial process.`);
  }

  async #ask(order: TrialOrder, timeMs: number): Promise<TrialAnswer> {
    if (this.#ended !== undefined) return { error: this.#ended };
    const waiting = Promise.withResolvers<TrialAnswer>();
    const answered = new AbortController();
    this.#waiting = waiting;
    this.#child.send(order, (error) => {
      if (error !== null) this.#end({ cause: "crash", message: `its process could not be told: ${error.message}` });
    });
    void this.#watch(timeMs, answered.signal);
    const answer = await waiting.promise;
    answered.abort();
    this.#waiting = undefined;
    return answer;
  }

  async #watch(timeMs: number, answered: AbortSignal): Promise<void> {
    const begin = this.#clock.monotonic();
    while (!answered.aborted && this.#ended === undefined) {
      if (residentBytes(this.#child.pid) > this.#limits.memoryBytes) return this.#end(tooMuch(this.#limits));
      if (this.#clock.monotonic() - begin > timeMs) return this.#end(tooLong(this.#limits));
      await this.#clock.sleep(watchMs, answered);
    }
  }

  /** The first reason counts. */
  #end(reason: TrialError): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#child.kill("SIGKILL");
    this.#waiting?.resolve({ error: reason });
  }
}

function tooLong({ timeMs }: TrialLimits): TrialError {
  return { cause: "time", message: `took longer than ${timeMs / 1000} s (maxEvalTimeSeconds) and was given up` };
}

function tooMuch(limits: TrialLimits): TrialError {
  return { cause: "memory", message: `took more than ${mebibytes(limits)} of memory and was given up` };
}

function mebibytes({ memoryBytes }: TrialLimits): string {
  return `${Math.round(memoryBytes / mebibyte)} MiB`;
}

/** How Node and V8 end themselves where the heap is full; which of them, depends on how far they had started. */
const fullHeapSignals = new Set<NodeJS.Signals | null>(["SIGABRT", "SIGTRAP", "SIGILL"]);

function ofExit(code: number | null, signal: NodeJS.Signals | null, limits: TrialLimits): TrialError {
  // Nobody but us and a kernel without memory kills it.
  if (fullHeapSignals.has(signal) || code === 134 || signal === "SIGKILL") return tooMuch(limits);
  return { cause: "crash", message: `ended its process: ${signal ?? `exit code ${code}`}` };
}

/** Where the machine's memory is full all the same, the kernel is to take a trial and not the trainer. */
function killFirst(pid: number | undefined): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, "1000");
  } catch {
    // Not Linux, or the process is gone already: then its exit says so.
  }
}

/** 0 where it is not known. Linux answers from memory, so that this does not block. */
function residentBytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
