/**
 * The library's process, from outside: a table goes in once, then a draw for each tree, one after the other. The library
 * cannot be interrupted and bounds nothing, so it is killed when it works too long or takes too much memory, and the error
 * says which. The memory is what Linux counts for the process; elsewhere only the JavaScript heap is bounded.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { systemClock, type TrainerClock } from "../clock.ts";
import { compileCache } from "../compile-cache.ts";
import { ConfigurationError } from "../errors.ts";
import type { LibraryDraw, LibraryTable, ThresholdTree } from "./library-tree.ts";

export interface ProcessLimits {
  /** Time in which trees are grown, all together, in milliseconds. */
  readonly timeMs: number;
  readonly memoryBytes: number;
}

/** Three times what the largest table that is not refused takes on a slow core, and many times its memory. */
export const processLimits: ProcessLimits = { timeMs: 30 * 60_000, memoryBytes: 1 << 30 };

/** What the process is sent, and what it answers. */
export type LibraryOrder = { readonly table: LibraryTable } | { readonly draw: LibraryDraw };
export type LibraryAnswer = { readonly tree: ThresholdTree } | { readonly failed: string };

const watchMs = 100;
const advice = "Use engine: histogram (the default), or fewer rows or trees.";

export class GrowerProcess {
  readonly #child: ChildProcess;
  readonly #limits: ProcessLimits;
  readonly #clock: TrainerClock;
  #turn: Promise<unknown> = Promise.resolve();
  #workedMs = 0;
  #ended: Error | undefined;
  #waiting: PromiseWithResolvers<ThresholdTree> | undefined;

  constructor(table: LibraryTable, limits = processLimits, clock: TrainerClock = systemClock) {
    this.#limits = limits;
    this.#clock = clock;
    const heap = Math.ceil(limits.memoryBytes / 2 ** 20);
    this.#child = fork(new URL("./library-process.ts", import.meta.url), {
      serialization: "advanced",
      execArgv: [`--max-old-space-size=${heap}`],
      env: compileCache(),
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#child.on("message", (answer) => this.#take(answer as LibraryAnswer));
    this.#child.on("error", (error) => this.#end(error));
    this.#child.on("exit", (code, signal) => this.#end(ofExit(code, signal, limits)));
    this.#send({ table });
    this.#letGo();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** One after the other. Rejects with ConfigurationError where the process passed a limit. */
  grow(draw: LibraryDraw): Promise<ThresholdTree> {
    const grown = this.#turn.then(() => this.#grow(draw));
    this.#turn = grown.catch(() => undefined);
    return grown;
  }

  close(): void {
    this.#end(new Error("the engine's process was closed"));
  }

  async #grow(draw: LibraryDraw): Promise<ThresholdTree> {
    if (this.#ended !== undefined) throw this.#ended;
    const begin = this.#clock.monotonic();
    const answered = new AbortController();
    const waiting = Promise.withResolvers<ThresholdTree>();
    this.#waiting = waiting;
    this.#hold();
    void this.#watch(begin, answered.signal);
    this.#send({ draw });
    try {
      return await waiting.promise;
    } finally {
      answered.abort();
      this.#letGo();
      this.#workedMs += this.#clock.monotonic() - begin;
    }
  }

  #take(answer: LibraryAnswer): void {
    if ("tree" in answer) this.#waiting?.resolve(answer.tree);
    else this.#waiting?.reject(new Error(`ml-random-forest failed: ${answer.failed}`));
  }

  /** Looks at time and memory until the tree is there. */
  async #watch(begin: number, answered: AbortSignal): Promise<void> {
    const { timeMs, memoryBytes } = this.#limits;
    while (!answered.aborted && this.#ended === undefined) {
      if (this.#workedMs + this.#clock.monotonic() - begin > timeMs)
        return this.#end(
          tooMuch(`did not grow its trees within ${timeMs / 60_000} minutes, and its process was ended.`),
        );
      if ((await residentBytes(this.#child.pid)) > memoryBytes) return this.#end(outOfMemory(this.#limits));
      await this.#clock.sleep(watchMs, answered);
    }
  }

  #send(order: LibraryOrder): void {
    this.#child.send(order, (error) => {
      if (error !== null) this.#end(error);
    });
  }

  /** Kills the process; what waits for it and whoever asks later is told why. The first reason counts. */
  #end(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#child.kill("SIGKILL");
    this.#waiting?.reject(reason);
  }

  /** The process keeps ours alive while somebody waits for a tree, and only then. */
  #hold(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }
  #letGo(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }
}

function tooMuch(what: string): ConfigurationError {
  return new ConfigurationError(`spec.trainer.randomForest.engine: ml-random-forest ${what}`, { advice });
}

function outOfMemory({ memoryBytes }: ProcessLimits): ConfigurationError {
  return tooMuch(`took more than ${Math.round(memoryBytes / 2 ** 20)} MiB of memory, and its process was ended.`);
}

/** How Node and V8 end themselves where the heap is full; which of them, depends on how far they had started. */
const fullHeapSignals = new Set<NodeJS.Signals | null>(["SIGABRT", "SIGTRAP", "SIGILL"]);

function ofExit(code: number | null, signal: NodeJS.Signals | null, limits: ProcessLimits): Error {
  if (fullHeapSignals.has(signal) || code === 134) return outOfMemory(limits);
  return new Error(`the process of ml-random-forest ended by itself: ${signal ?? `code ${code}`}`);
}

/** 0 where it is not known. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
