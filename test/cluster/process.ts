/**
 * The cluster's processes. Each runs on when this program ends, has a log file, and is recorded by pid and start time
 * before anything else happens, so that a later run finds it, and never takes another process for it.
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { identify } from "../../local/kubelet/proc.ts";
import { clusterName, layout } from "./layout.ts";
import { inNetwork } from "./network.ts";
import { until } from "./until.ts";

interface Recorded {
  readonly pid: number;
  readonly startedAt: string;
}

const record = (name: string): string => join(layout.records, name);
export const logOf = (name: string): string => join(layout.logs, `${name}.log`);

/** Starts a process within the cluster's network. */
export function start(name: string, line: readonly [string, ...string[]], env: Record<string, string> = {}): void {
  for (const folder of [layout.records, layout.logs]) mkdirSync(folder, { recursive: true });
  const log = openSync(logOf(name), "a");
  const [file, ...args] = inNetwork(line);
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${line[0]} could not be started`);
  remember(record(name), pid);
  child.unref();
}

/** Takes the cluster for this program, until it ends. @throws Error when another program is at work on it */
export function claimCluster(): void {
  const pid = livePid(layout.claim);
  if (pid !== undefined && pid !== process.pid) {
    throw new Error(`process ${pid} is at work on the cluster "${clusterName}": wait for it, or end it`);
  }
  mkdirSync(dirname(layout.claim), { recursive: true });
  remember(layout.claim, process.pid);
}

function remember(file: string, pid: number): void {
  writeFileSync(file, JSON.stringify({ pid, startedAt: identify(pid)?.startTime ?? "" } satisfies Recorded));
}

/** Whether the process of this name was started and runs. */
export function runs(name: string): boolean {
  return livePid(record(name)) !== undefined;
}

export function recordedNames(): string[] {
  return existsSync(layout.records) ? readdirSync(layout.records) : [];
}

/** Waits until it is so; ends early, with the end of its log, when the process ends. */
export async function untilReady(
  name: string,
  isReady: () => Promise<boolean>,
  { timeoutMs = 60_000, signal }: { timeoutMs?: number; signal: AbortSignal },
): Promise<void> {
  const check = async (): Promise<boolean> => {
    if (!runs(name)) throw new Error(`${name} has ended:\n${readFileSync(logOf(name), "utf8").slice(-3000)}`);
    return isReady();
  };
  await until(`${name} is ready (see ${logOf(name)})`, check, { timeoutMs, signal });
}

/** Ends a process: SIGTERM, and SIGKILL when that is not enough. One that does not run is none to end. */
export async function stop(name: string, graceMs = 3_000): Promise<void> {
  for (const [signal, timeoutMs] of [["SIGTERM", graceMs] as const, ["SIGKILL", 5_000] as const]) {
    const pid = livePid(record(name));
    if (pid === undefined) break;
    process.kill(pid, signal);
    await until(`${name} ends`, () => !runs(name), { timeoutMs }).catch((error: unknown) => {
      if (signal === "SIGKILL") throw error;
    });
  }
  rmSync(record(name), { force: true });
}

/** Ends a process as a crash would. */
export async function kill(name: string): Promise<void> {
  const pid = livePid(record(name));
  if (pid === undefined) throw new Error(`${name} does not run`);
  process.kill(pid, "SIGKILL");
  await until(`${name} is gone`, () => !runs(name), { timeoutMs: 5_000 });
}

function livePid(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const { pid, startedAt } = JSON.parse(readFileSync(file, "utf8")) as Recorded;
  return identify(pid)?.startTime === startedAt ? pid : undefined;
}
