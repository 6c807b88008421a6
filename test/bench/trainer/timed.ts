/** A process from its beginning to its end: CPU time, wall time and the most memory that it ever had. Linux, with bash. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

export interface Used {
  readonly exitCode: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Peak of the resident set (VmHWM). */
  readonly peakBytes: number;
}

/** Prints the process's id, and at its end what the shell's children used. */
const script = '"$@" >/dev/null & echo $!; wait $!; code=$?; times; exit $code';
const everyMs = 10;

export async function runTimed(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Used> {
  const began = performance.now();
  const shell = spawn("bash", ["-c", script, "bash", ...command], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  let peakBytes = 0;
  shell.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, peakOf(Number.parseInt(printed)))), everyMs);
  const [exitCode] = (await once(shell, "close")) as [number];
  clearInterval(watch);
  const wallSeconds = (performance.now() - began) / 1000;
  return { exitCode, cpuSeconds: secondsOf(printed.trim().split("\n").at(-1) ?? ""), wallSeconds, peakBytes };
}

/** 0 before it has begun and after it has ended. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** `0m1.234s 0m0.056s`: user and system. */
function secondsOf(times: string): number {
  return [...times.matchAll(/([0-9]+)m([0-9.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
}
