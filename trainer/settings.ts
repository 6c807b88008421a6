/** What a training pod is told: environment and files, by the names of traintask/contract.ts. */
import { readFileSync } from "node:fs";
import { env } from "../traintask/contract.ts";
import type { PodConfig } from "../traintask/pod-config.ts";
import { podConfigDigest } from "../traintask/pod-config-digest.ts";
import { availableCores } from "./cores.ts";
import { ConfigurationError } from "./errors.ts";
import type { HttpSettings } from "./http.ts";
import { memoryLimit } from "./memory.ts";
import type { Share } from "./request.ts";
import { isMounted } from "./source-name.ts";

export interface PodSettings {
  readonly api: HttpSettings & { readonly namespace: string; readonly name: string };
  readonly attempt: number;
  readonly share: Share;
  /** How many threads may grow. */
  readonly threads: number;
  /** Bytes that all processes of the pod may have together. */
  readonly memoryBytes: number;
  readonly config: PodConfig;
  /** The file with the table, where its source is a ConfigMap or a volume. */
  readonly datasetFile?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Rejects with a ConfigurationError naming the variable or the field that is wrong. */
export async function readSettings(environment: Environment): Promise<PodSettings> {
  const ca = caFile(environment[env.ca]);
  const config = await readConfig(required(environment, env.config));
  return {
    api: {
      url: required(environment, env.apiUrl).replace(/\/+$/, ""),
      tokenFile: required(environment, env.token),
      ...(ca === undefined ? {} : { caFile: ca }),
      namespace: required(environment, env.namespace),
      name: required(environment, env.name),
    },
    attempt: number(environment, env.attempt),
    share: readShare(environment),
    threads: readThreads(environment),
    memoryBytes: memoryLimit(environment[env.memory] === undefined ? undefined : number(environment, env.memory)),
    config,
    ...(isMounted(config.dataset) ? { datasetFile: required(environment, env.dataset) } : {}),
  };
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "") throw new ConfigurationError(`The environment variable ${name} is not set.`);
  return value;
}

function number(environment: Environment, name: string): number {
  const text = required(environment, name);
  if (!/^[0-9]{1,15}$/.test(text))
    throw new ConfigurationError(`${name} is ${JSON.stringify(text)}, not a whole number.`);
  return Number(text);
}

function readShare(environment: Environment): Share {
  const shard = number(environment, env.shard);
  const shards = number(environment, env.shards);
  if (shard >= shards)
    throw new ConfigurationError(`${env.shard} is ${shard}: of ${shards} shards (${env.shards}) there is no such one.`);
  return { shard, shards };
}

/** As many as there are cores, unless we are told. */
function readThreads(environment: Environment): number {
  if (environment[env.threads] === undefined) return availableCores();
  const threads = number(environment, env.threads);
  if (threads < 1) throw new ConfigurationError(`${env.threads} is ${threads}: it takes at least one thread to grow.`);
  return threads;
}

/** An empty file stands for the system's own authorities, as no file does. */
function caFile(path: string | undefined): string | undefined {
  if (path === undefined || path === "") return undefined;
  return read(path, "the API's certificate authority").trim() === "" ? undefined : path;
}

async function readConfig(path: string): Promise<PodConfig> {
  const text = read(path, "the trainer's configuration");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  return isChecked(value) ? value : checked(path, value);
}

/** Our operator has checked what it writes, by this very schema. To make it again takes a third of a pod's start. */
function isChecked(value: unknown): value is PodConfig {
  return (value as Partial<PodConfig> | null)?.checkedBy === podConfigDigest;
}

/** By our schema, and with its defaults: the writer had another one, or none. */
async function checked(path: string, value: unknown): Promise<PodConfig> {
  const { podConfigSchema } = await import("../traintask/pod-config.ts");
  // Zod would compile the schemas before it uses them once.
  const result = podConfigSchema.safeParse(value, { jitless: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new ConfigurationError(`${path}: ${field}: ${issue?.message ?? "invalid"}`, { cause: result.error });
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigurationError(`${path}, ${what}, cannot be read: ${(cause as Error).message}`, { cause });
  }
}
