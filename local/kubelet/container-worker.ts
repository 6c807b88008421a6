/**
 * One container of one pod, from its first start to its last exit: start, run, wait for the exit, start again where the
 * restart policy says so, with a pause that doubles. Whoever owns it may stop it at any time.
 */
import { rmSync, statSync, writeFileSync } from "node:fs";
import type { Clock } from "../../kube/clock.ts";
import type { Container } from "../../kube/objects.ts";
import { ContainerConfigError } from "./fields.ts";
import type { ContainerLog } from "./container-log.ts";
import { readText } from "./pod-directory.ts";
import type { ContainerFacts, ContainerState, Terminated } from "./pod-status.ts";
import type { ContainerRuntime, ContainerStart, RunningContainer } from "./process.ts";

export type LaunchChoice =
  | { readonly start: Omit<ContainerStart, "output">; readonly memoryLimit?: number }
  | { readonly waiting: { readonly reason: string; readonly message: string } };

export interface ContainerWorkerOptions {
  readonly container: Container;
  readonly restartPolicy: string;
  readonly clock: Clock;
  readonly runtime: ContainerRuntime;
  /** Says what to run. @throws ContainerConfigError when that cannot be said (yet) */
  readonly launch: () => LaunchChoice;
  readonly terminationLog: string;
  readonly log: (restart: number) => ContainerLog;
  /** Called after each change of `facts`. */
  readonly changed: () => void;
}

const firstPauseMs = 10_000;
const longestPauseMs = 300_000;
const configRetryMs = 2_000;
const memoryPollMs = 500;
/** Kubernetes' bounds of a termination message: from the file, and from the log instead. */
const maxMessageBytes = 4096;
const logTail = { lines: 80, bytes: 2048 };

export class ContainerWorker {
  readonly #options: ContainerWorkerOptions;
  readonly #stop = new AbortController();
  #graceMs = Infinity;
  #running: RunningContainer | undefined;
  #killedForMemory = false;
  #isOver = false;
  #facts: ContainerFacts;

  constructor(options: ContainerWorkerOptions) {
    this.#options = options;
    const { name, image = "" } = options.container;
    this.#facts = { name, image, restarts: 0, state: { is: "waiting", reason: "ContainerCreating" } };
  }

  get facts(): ContainerFacts {
    return this.#facts;
  }

  /** Whether it does not run, and will not be started again. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks the container to end, and kills it after the grace period. Asking again may only shorten the time. */
  stop(graceMs: number): void {
    this.#graceMs = Math.min(this.#graceMs, graceMs);
    this.#stop.abort();
    this.#end();
  }

  /** Runs until the container has ended for good. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const terminated = await this.#runOnce();
      if (terminated === undefined) continue;
      this.#isOver = this.#stop.signal.aborted || !restarts(this.#options.restartPolicy, terminated);
      this.#become({ is: "terminated", ...terminated });
      if (this.#isOver) return;
      await this.#pause(terminated);
    }
    this.#isOver = true;
  }

  /** One life of the container; undefined when it could not be started and is to be tried again. */
  async #runOnce(): Promise<Terminated | undefined> {
    const { clock, terminationLog, log, launch, runtime } = this.#options;
    const choice = this.#choose(launch);
    if ("waiting" in choice) {
      this.#become({ is: "waiting", ...choice.waiting });
      await clock.sleep(configRetryMs, this.#stop.signal);
      return undefined;
    }
    rmSync(terminationLog, { force: true });
    writeFileSync(terminationLog, "", { mode: 0o600 });
    const output = log(this.#facts.restarts);
    output.begin();
    const startedAt = clock.now();
    let end: Pick<Terminated, "exitCode" | "reason" | "id"> & { message?: string };
    try {
      const running = await runtime.start({ ...choice.start, output: (chunk) => output.append(chunk) });
      end = await this.#untilExit(running, choice.memoryLimit);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      end = { exitCode: 128, reason: "StartError", id: "", message: `the command could not be started: ${message}` };
    }
    output.end();
    const message = end.message ?? this.#terminationMessage(output, end.exitCode);
    return { startedAt, finishedAt: clock.now(), ...end, ...(message === "" ? {} : { message }) };
  }

  #choose(launch: () => LaunchChoice): LaunchChoice {
    try {
      const choice = launch();
      if ("start" in choice && statSync(choice.start.workingDir, { throwIfNoEntry: false }) === undefined) {
        throw new ContainerConfigError(`the working directory "${choice.start.workingDir}" is not on this machine`);
      }
      return choice;
    } catch (error) {
      if (!(error instanceof ContainerConfigError)) throw error;
      return { waiting: { reason: "CreateContainerConfigError", message: error.message } };
    }
  }

  async #untilExit(running: RunningContainer, memoryLimit = Infinity) {
    this.#running = running;
    this.#killedForMemory = false;
    // It may have been asked to stop while it was being started.
    if (this.#stop.signal.aborted) this.#end();
    this.#become({ is: "running", startedAt: this.#options.clock.now(), id: running.id });
    const endWatch = this.#watchMemory(running, memoryLimit);
    const exitCode = await running.exited;
    endWatch();
    this.#running = undefined;
    const reason = this.#killedForMemory ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error";
    return { exitCode, reason, id: running.id };
  }

  /** Stands in for the kernel's memory controller, which needs rights that a person at a laptop may not have. */
  #watchMemory(running: RunningContainer, limit: number): () => void {
    if (limit === Infinity) return () => undefined;
    const check = (): void => {
      if ((running.memory() ?? 0) > limit) {
        this.#killedForMemory = true;
        running.signal("SIGKILL");
      }
      cancel = this.#options.clock.after(memoryPollMs, check);
    };
    let cancel = this.#options.clock.after(memoryPollMs, check);
    return () => cancel();
  }

  #end(): void {
    const running = this.#running;
    if (running === undefined) return;
    if (this.#graceMs > 0) running.signal("SIGTERM");
    const cancel = this.#options.clock.after(this.#graceMs, () => running.signal("SIGKILL"));
    void running.exited.then(cancel);
  }

  async #pause(last: Terminated): Promise<void> {
    const { container, clock } = this.#options;
    const { restarts: before } = this.#facts;
    this.#facts = { ...this.#facts, restarts: before + 1, last };
    // As in Kubernetes the first restart comes at once.
    if (before === 0) return;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (before - 1));
    const message = `back-off ${pauseMs / 1000}s restarting failed container=${container.name}`;
    this.#become({ is: "waiting", reason: "CrashLoopBackOff", message });
    await clock.sleep(pauseMs, this.#stop.signal);
  }

  #terminationMessage(output: ContainerLog, exitCode: number): string {
    const { container, terminationLog } = this.#options;
    const message = readText(terminationLog, maxMessageBytes) ?? "";
    const fallBack = message === "" && exitCode !== 0 && container.terminationMessagePolicy === "FallbackToLogsOnError";
    return fallBack ? output.tail(logTail).toString("utf8") : message;
  }

  #become(state: ContainerState): void {
    this.#facts = { ...this.#facts, state };
    this.#options.changed();
  }
}

function restarts(policy: string, { exitCode }: Terminated): boolean {
  return policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
}
