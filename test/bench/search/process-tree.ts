/** A process and its children from beginning to end: CPU time, wall time, the most memory of all together, what it printed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Used } from "./tpot.ts";

export interface Ended extends Used {
  readonly exitCode: number;
  readonly printed: string;
}

/** Prints at its end, on a line of its own, what the shell's children and theirs used. */
const script = '"$@"; code=$?; times >&3; exit $code';
const everyMs = 50;

/** Linux, with bash. Those of its children that it waited for count, however they ended. */
export async function runTree(command: readonly string[]): Promise<Ended> {
  const began = performance.now();
  const shell = spawn("bash", ["-c", script, "bash", ...command], { stdio: ["ignore", "pipe", "inherit", "pipe"] });
  const [printed, times] = [text(shell.stdout!), text(shell.stdio[3] as NodeJS.ReadableStream)];
  let peakBytes = 0;
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, bytesBelow(shell.pid!))), everyMs);
  const [exitCode] = (await once(shell, "close")) as [number];
  clearInterval(watch);
  const wallSeconds = (performance.now() - began) / 1000;
  return { exitCode, cpuSeconds: secondsOf(times()), wallSeconds, peakBytes, printed: printed() };
}

function text(stream: NodeJS.ReadableStream): () => string {
  let whole = "";
  stream.setEncoding("utf8").on("data", (part: string) => (whole += part));
  return () => whole;
}

/** `0m1.234s 0m0.056s`, of the shell, then of its children: the second line. */
function secondsOf(times: string): number {
  const line = times.trim().split("\n").at(-1) ?? "";
  return [...line.matchAll(/([0-9]+)m([0-9.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
}

/** Memory of all descendants. Pages that they share count once in all (Pss), as they do for a pod. */
function bytesBelow(pid: number): number {
  return children(pid).reduce((sum, child) => sum + bytesOf(child) + bytesBelow(child), 0);
}

function children(pid: number): number[] {
  return numbers(`/proc/${pid}/task/${pid}/children`, /([0-9]+)/g);
}

function bytesOf(pid: number): number {
  return (numbers(`/proc/${pid}/smaps_rollup`, /^Pss:\s+([0-9]+) kB/gm)[0] ?? 0) * 1024;
}

/** None of a process that has ended. */
function numbers(file: string, pattern: RegExp): number[] {
  try {
    return Array.from(readFileSync(file, "utf8").matchAll(pattern), ([, digits]) => Number(digits));
  } catch {
    return [];
  }
}
