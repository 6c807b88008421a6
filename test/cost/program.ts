/** Operator or API as a process of its own, started as its pod would start it, and what it takes of the machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { until } from "../cluster/until.ts";

export interface Program {
  readonly pid: number;
  /** Where it writes its log, a JSON object a line. */
  readonly log: string;
  /** Resident memory now, in MiB. */
  residentMiB(): number;
  /** The most that it ever was. */
  peakMiB(): number;
  /** CPU time since its start, in milliseconds, of all its threads. */
  cpuMs(): number;
  /** Asks it to end, and waits until it has. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

export interface ProgramOptions {
  /** For Node.js: flags and the file. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
}

export function startProgram({ args, env, log }: ProgramOptions): Program {
  const output = openSync(log, "a");
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", output, output] });
  closeSync(output);
  const exited = once(child, "exit");
  const { pid } = child;
  if (pid === undefined) throw new Error(`${args.join(" ")} could not be started`);
  const memory = (field: string): number => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(new RegExp(`${field}:\\s+([0-9]+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
  };
  return {
    pid,
    log,
    residentMiB: () => memory("VmRSS"),
    peakMiB: () => memory("VmHWM"),
    cpuMs: () => cpuMsOf(pid),
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}

/** CPU time of a process since its start, in milliseconds, of all its threads. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  // A tick is 10 ms on every Linux that Node.js runs on.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The first line of a program's log that says this. */
export async function lineOf(program: Pick<Program, "log">, message: string): Promise<Record<string, unknown>> {
  const lines = (): Record<string, unknown>[] =>
    readFileSync(program.log, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const found = (): Record<string, unknown> | undefined => lines().find(({ msg }) => msg === message);
  await until(`"${message}" in ${program.log}`, () => found() !== undefined, { timeoutMs: 60_000 });
  return found() ?? {};
}
