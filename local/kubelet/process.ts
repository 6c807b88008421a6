/**
 * A container as the kubelet sees it, and the real one: a child process that leads a process group of its own. When the leader
 * ends, the rest of its group is killed, as the end of process 1 ends a container. Simulations bring another
 * ContainerRuntime.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Clock } from "../../kube/clock.ts";
import { residentBytes } from "./proc.ts";

export interface ContainerStart {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  /** Whether standard input is a pipe that stays open as long as this program lives; else it is empty. */
  readonly parentPipe: boolean;
  /** Standard output and standard error, as they come. */
  readonly output: (chunk: Uint8Array) => void;
}

export interface RunningContainer {
  /** Names the process in the container's status, e.g. "process://1234". */
  readonly id: string;
  /** Resolves with the exit code (128 + n after signal n) when all its output was handed over; never rejects. */
  readonly exited: Promise<number>;
  signal(name: "SIGTERM" | "SIGKILL"): void;
  /** Resident memory in bytes, of the container's process and its descendants; undefined where that is not known. */
  memory(): number | undefined;
}

export interface ContainerRuntime {
  /** Resolves when the container runs. @throws an Error that says why it could not be started */
  start(start: ContainerStart): Promise<RunningContainer>;
}

/** Output that is still to come after the leader ended is waited for so long: a stray descendant may hold the pipe. */
const drainMs = 1_000;

export function processRuntime(clock: Clock): ContainerRuntime {
  return {
    start: (start) =>
      new Promise((resolve, reject) => {
        const [command = "", ...args] = start.argv;
        const child = spawn(command, args, {
          cwd: start.workingDir,
          env: { ...start.env },
          detached: true,
          stdio: [start.parentPipe ? "pipe" : "ignore", "pipe", "pipe"],
        });
        // Writing to a pipe whose reader is gone is not our failure: nothing is ever written to it.
        child.stdin?.on("error", () => undefined);
        child.stdout?.on("data", start.output);
        child.stderr?.on("data", start.output);
        child.once("error", reject);
        const exited = exitOf(child, clock);
        child.once("spawn", () => resolve(runningContainer(child, exited)));
      }),
  };
}

function runningContainer(child: ChildProcess, exited: Promise<number>): RunningContainer {
  const pid = child.pid ?? 0;
  return {
    id: `process://${pid}`,
    exited,
    signal(name) {
      // Once the leader has ended, its number may belong to others.
      if (child.exitCode !== null || child.signalCode !== null) return;
      // As in a container, only process 1 is asked to end, and with it all are killed.
      if (name === "SIGKILL") signalGroup(pid, name);
      else child.kill(name);
    },
    memory: () => residentBytes(pid),
  };
}

function exitOf(child: ChildProcess, clock: Clock): Promise<number> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      signalGroup(child.pid ?? 0, "SIGKILL");
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      const cancel = clock.after(drainMs, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
      child.once("close", () => {
        cancel();
        resolve(exitCode);
      });
    });
  });
}

/** A group that has ended, or was never begun, needs no signal. */
function signalGroup(pid: number, name: NodeJS.Signals): void {
  if (pid <= 0) return;
  try {
    process.kill(-pid, name);
  } catch {
    return;
  }
}
