/**
 * The whole program as a user starts it, in a process of its own with a fresh data folder, for tests that must see
 * real processes: kills, signals, kubectl. Everything it starts it also ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import type { KubeClient } from "../../kube/client.ts";
import { httpsTransport } from "../../kube/https-transport.ts";
import { restClient } from "../../kube/rest-client.ts";
import { fromSource } from "../../scripts/from-source.ts";

export const root = path.resolve(import.meta.dirname, "../..");

export interface SystemOptions {
  readonly args?: readonly string[];
  /** Kept over restarts; default a new folder that `stop` removes. */
  readonly dataDir?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface System {
  /** Base URL of the HTTP API. */
  readonly url: string;
  readonly kubeconfig: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** All that it has printed so far. */
  output(): string;
  /** SIGKILL to the program alone, as a crash would: its pods are left behind. */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit code once it has ended. */
  stop(): Promise<number | null>;
}

export function freshDataDir(): string {
  return mkdtempSync(path.join(tmpdir(), "traintask-test-"));
}

/** As `npm start` does. */
function startProgram(dataDir: string, { args = [], environment }: SystemOptions) {
  return spawn(process.execPath, [...fromSource("local/main.ts"), "--port", "0", "--data-dir", dataDir, ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "", HOME: dataDir, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Starts the program and waits until it says where its API is. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const dataDir = options.dataDir ?? freshDataDir();
  const child = startProgram(dataDir, options);
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  const ended = once(child, "exit") as Promise<[number | null]>;
  const url = await until("the program says where its API is", () => {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}:\n${printed}`);
    return /HTTP API\s+(http:\/\/\S+)/.exec(printed)?.[1];
  });
  return {
    url,
    dataDir,
    kubeconfig: path.join(dataDir, "kubeconfig"),
    process: child,
    output: () => printed,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async stop() {
      if (child.exitCode === null) child.kill("SIGTERM");
      const [code] = await ended;
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

/** Our own client at the program's Kubernetes door, as its kubeconfig names it. */
export function clusterClient(system: Pick<System, "kubeconfig">): { client: KubeClient; close(): Promise<void> } {
  const kubeconfig = parse(readFileSync(system.kubeconfig, "utf8")) as { clusters: { cluster: { server: string } }[] };
  const transport = httpsTransport({ baseUrl: kubeconfig.clusters[0]?.cluster.server ?? "" });
  return { client: restClient(transport), close: () => transport.close() };
}

/** Asks again and again until there is an answer; fails after a minute, naming what was awaited. */
export async function until<T>(
  awaited: string,
  ask: () => T | undefined | Promise<T | undefined>,
  { withinMs = 60_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain until ${awaited}`);
    await sleep(everyMs);
  }
}

export interface TaskAnswer {
  metadata: { name: string; namespace: string; uid: string };
  status: {
    state: string;
    score?: string;
    attempt?: number;
    retries?: number;
    memory?: string;
    model?: { digest: string; partial: boolean; sizeBytes: number };
    failure?: { class: string; message: string };
    trainerStatus?: { progressPercentage?: number; metrics?: { name: string; value: string }[] };
    conditions?: { type: string; status: string; reason: string }[];
  };
  links: Record<string, string>;
}

/** Submits a task (an object, or text as YAML) over HTTP. */
export async function submit(system: Pick<System, "url">, task: object | string): Promise<TaskAnswer> {
  const response = await fetch(`${system.url}/v1/tasks`, {
    method: "POST",
    headers: { "content-type": typeof task === "string" ? "application/yaml" : "application/json" },
    body: typeof task === "string" ? task : JSON.stringify(task),
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`submit answered ${response.status}: ${text}`);
  return JSON.parse(text) as TaskAnswer;
}

export async function getTask(system: Pick<System, "url">, name: string): Promise<TaskAnswer> {
  const response = await fetch(`${system.url}/v1/tasks/${name}`);
  if (!response.ok) throw new Error(`GET ${name} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as TaskAnswer;
}

/** The task once it is in one of these states. */
export function taskIn(
  system: Pick<System, "url">,
  name: string,
  { states, withinMs = 60_000 }: { states: readonly string[]; withinMs?: number },
): Promise<TaskAnswer> {
  let last = "";
  return until(
    `${name} is ${states.join(" or ")}`,
    async () => {
      const task = await getTask(system, name);
      last = JSON.stringify(task.status);
      return states.includes(task.status.state) ? task : undefined;
    },
    { withinMs },
  ).catch((cause: unknown) => {
    throw new Error(`${name} did not become ${states.join(" or ")}; its status: ${last}`, { cause });
  });
}

export interface SlowForest {
  readonly trees?: number;
  readonly rows?: number;
  readonly seed?: number;
}

/** A forest that takes a few seconds to grow on synthetic data. */
export function slowForest(name: string, { trees = 400, rows = 4000, seed = 7 }: SlowForest = {}): object {
  return forestTask(name, { rows, seed, randomForest: { nEstimators: trees, minSamplesLeaf: 10 } });
}

/** A forest whose end no test sees: it is for those that stop it before. */
export function endlessForest(name: string): object {
  return forestTask(name, { rows: 20_000, seed: 7, randomForest: { nEstimators: 100_000, maxDepth: 4 } });
}

function forestTask(
  name: string,
  { rows, seed, randomForest }: { rows: number; seed: number; randomForest: object },
): object {
  return {
    apiVersion: "traintask.dev/v1alpha1",
    kind: "TrainTask",
    metadata: { name },
    spec: {
      trainer: { randomForest },
      dataset: { synthetic: { kind: "friedman1", rows, columns: 10, noise: "1" } },
      seed,
    },
  };
}

/**
 * For what a test does in the middle of a training that also has to end: where a machine was too quick for it (`attempt`
 * answers undefined), again with four times the trees.
 */
export async function longEnough<T>(trees: number, attempt: (trees: number) => Promise<T | undefined>): Promise<T> {
  for (let asked = trees; asked <= 100_000; asked *= 4) {
    const answer = await attempt(asked);
    if (answer !== undefined) return answer;
  }
  throw new Error("no forest takes long enough on this machine");
}
