/** How soon `npm start` answers, what it takes when idle, and how soon it ends, against a bare Node.js HTTP server. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchRow } from "./row.ts";

const root = path.resolve(import.meta.dirname, "../..");
const rounds = 5;
/** Milliseconds until memory is read: caches are filled and start-up's garbage is gone by then. */
const settleMs = 5_000;

interface Life {
  readonly readyMs: number;
  readonly residentMiB: number;
  readonly stopMs: number;
}

const bareServer =
  "require('node:http').createServer((q, s) => s.end('ok')).listen(5992, '127.0.0.1'); process.on('SIGTERM', () => process.exit(0))";

/** The same flags as `npm start`. */
function startOurs(dataDir: string): ChildProcess {
  const scripts = (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: { start: string } })
    .scripts;
  const args = scripts.start.split(" ").slice(2);
  return spawn(process.execPath, [...args, "--port", "5991", "--data-dir", dataDir], { cwd: root, stdio: "ignore" });
}

async function live(child: ChildProcess, url: string): Promise<Life> {
  const began = performance.now();
  while (!(await answers(url))) {
    if (performance.now() - began > 60_000 || child.exitCode !== null) throw new Error(`${url} does not answer`);
    await sleep(5);
  }
  const readyMs = performance.now() - began;
  await sleep(settleMs);
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const residentMiB = Number(/VmRSS:\s+([0-9]+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
  const stopping = performance.now();
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
  return { readyMs, residentMiB, stopMs: performance.now() - stopping };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export async function run(): Promise<BenchRow[]> {
  const [ours, bare]: [Life[], Life[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const dataDir = mkdtempSync(path.join(tmpdir(), "traintask-bench-"));
    ours.push(await live(startOurs(dataDir), "http://127.0.0.1:5991/readyz"));
    rmSync(dataDir, { recursive: true, force: true });
    bare.push(
      await live(spawn(process.execPath, ["--eval", bareServer], { stdio: "ignore" }), "http://127.0.0.1:5992/"),
    );
  }
  const row = (name: string, measure: keyof Life, { unit, note }: { unit: string; note: string }): BenchRow => {
    const [mine, reference] = [median(ours.map((life) => life[measure])), median(bare.map((life) => life[measure]))];
    return { name, ours: mine, reference, unit, ratio: mine / reference, note };
  };
  return [
    row("start until /readyz answers", "readyMs", {
      unit: "ms",
      note: "goal: 3,000 ms; a fresh data folder each time",
    }),
    row("idle memory (RSS)", "residentMiB", { unit: "MiB", note: "goal: 150 MiB" }),
    row("SIGTERM until it has ended", "stopMs", { unit: "ms", note: "goal: 5,000 ms; nothing is training" }),
  ];
}
