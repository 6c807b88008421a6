/** The trainer as a process, as a pod runs it, against the scripted API: for tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fromSource } from "../scripts/from-source.ts";
import { env } from "../traintask/contract.ts";

export interface ScriptedPod {
  readonly child: ChildProcess;
  /** All that it has printed so far. */
  readonly output: () => string;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

export interface PodStart {
  /** Where its files are, the token among them. */
  readonly directory: string;
  /** Base URL of the API. */
  readonly url: string;
  /** An object, or the text of the configuration's file. */
  readonly config: unknown;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The trainer's first module; the sources are run if absent. */
  readonly program?: string;
}

export function startPod({ directory, url, config, environment = {}, program }: PodStart): ScriptedPod {
  const at = (name: string): string => path.join(directory, name);
  // Whole at any moment: another pod of this directory may be reading it.
  writeFileSync(at("config.json.new"), typeof config === "string" ? config : JSON.stringify(config));
  renameSync(at("config.json.new"), at("config.json"));
  const child = spawn(process.execPath, program === undefined ? fromSource("trainer/main.ts") : [program], {
    env: {
      [env.apiUrl]: url,
      [env.namespace]: "default",
      [env.name]: "task",
      [env.attempt]: "1",
      [env.shard]: "0",
      [env.shards]: "1",
      [env.config]: at("config.json"),
      [env.token]: at("token"),
      [env.ca]: at("ca.crt"),
      [env.terminationLog]: at("termination"),
      ...environment,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  return { child, output: () => output, ended };
}
