/** All pods of a task as processes, killed at chosen chunks and started again, for tests: what model do they come to? */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundle } from "../scripts/bundle.ts";
import { env } from "../traintask/contract.ts";
import { systemClock } from "./clock.ts";
import { type ScriptedApi, scriptedApi, sha256 } from "./scripted-api.ts";
import { startPod } from "./scripted-pod.ts";
import { merged } from "./scripted-run.ts";
import { scriptedServer } from "./scripted-server.ts";

export interface Fleet {
  /** The trainer's first module. */
  readonly program: string;
  readonly config: unknown;
  readonly shards: number;
  /** What the pods are told beside their share. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the pod dies now: asked before and after each chunk that it sends. */
  readonly dies?: (chunk: FleetChunk) => boolean;
  /** Milliseconds after which a pod that has died so often is killed, wherever it is then; never if undefined. */
  readonly lifetime?: (deaths: number) => number | undefined;
}

export interface FleetChunk {
  readonly moment: "before" | "after";
  readonly stream: string;
  readonly shard: number;
  readonly last: boolean;
  /** How often this shard's pods have died so far. */
  readonly deaths: number;
}

export interface FleetEnd {
  /** Of the model that the API would seal. */
  readonly digest: string;
  readonly report: string;
  /** All deaths. */
  readonly deaths: number;
}

/** Bundles the trainer as images carry it, since that starts in a fraction of the time. @returns its first module */
export async function bundledTrainer(folder: string): Promise<string> {
  await bundle(folder, ["trainer"]);
  return path.join(folder, "trainer.mjs");
}

/** Processes that run at the same time: small machines have two cores. */
const atOnce = 2;

/** Runs each shard's pods, one after the other, until one ends well. */
export async function fleet({ program, config, shards, dies = () => false, ...more }: Fleet): Promise<FleetEnd> {
  const directory = mkdtempSync(path.join(tmpdir(), "traintask-fleet-"));
  writeFileSync(path.join(directory, "token"), "token");
  writeFileSync(path.join(directory, "ca.crt"), "");
  const api = Object.assign(scriptedApi(), { shards });
  await using server = await scriptedServer(api);
  const kill = new Map<number, () => void>();
  const deaths = Array.from({ length: shards }, () => 0);
  api.script = (moment, { stream, shard, last }) => {
    // Each pod has a log and all share a report.
    if (stream === "log" || !dies({ moment, stream, shard, last, deaths: deaths[shard]! })) return;
    deaths[shard] = deaths[shard]! + 1;
    for (const [of, end] of kill) if (stream === "report" || of === shard) end();
    throw new Error("nobody is there to hear this");
  };
  const start = (shard: number): ReturnType<typeof startPod> => {
    api.part("log", shard).chunks = [];
    const environment = { ...more.environment, [env.shard]: String(shard), [env.shards]: String(shards) };
    const pod = startPod({ directory, url: server.url, config, environment, program });
    kill.set(shard, () => pod.child.kill("SIGKILL"));
    const lifetime = more.lifetime?.(deaths[shard]!);
    if (lifetime !== undefined)
      void systemClock.sleep(lifetime).then(() => {
        if (pod.child.kill("SIGKILL")) deaths[shard] = deaths[shard]! + 1;
      });
    return pod;
  };
  try {
    // One iterator for all: each takes the next shard.
    const waiting = Array.from({ length: shards }, (_, shard) => shard).values();
    const runNext = async (): Promise<void> => {
      for (const shard of waiting) await untilDone(() => start(shard));
    };
    await Promise.all(Array.from({ length: atOnce }, runNext));
    return { ...(await outcome(api)), deaths: deaths.reduce((sum, count) => sum + count, 0) };
  } finally {
    for (const end of kill.values()) end();
    rmSync(directory, { recursive: true });
  }
}

async function untilDone(start: () => ReturnType<typeof startPod>): Promise<void> {
  for (;;) {
    const pod = start();
    const { code, signal } = await pod.ended;
    if (code === 0) return;
    if (signal !== "SIGKILL") throw new Error(`a pod ended with ${code}:\n${pod.output()}`);
  }
}

async function outcome(api: ScriptedApi): Promise<Omit<FleetEnd, "deaths">> {
  return { digest: sha256((await merged(api)).join("\n")), report: api.text("report") };
}
