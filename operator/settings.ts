/**
 * What an operator can be told. A program that embeds the operator sets it; main.ts reads it from the environment, by
 * the names below, and says which variable is wrong.
 */
import { isIP } from "node:net";
import { defaultControllerName } from "../traintask/names.ts";
import { parseQuantity } from "../traintask/quantity.ts";
import { namespacesIn } from "../traintask/watched.ts";
import type { PodSettings } from "./pod-template.ts";

export interface OperatorSettings extends PodSettings {
  /** Serves the queues that bear this name. */
  readonly controllerName: string;
  /** Unlike that of any other operator, also of earlier runs of this program. */
  readonly identity: string;
  /** Where the lease stands. */
  readonly namespace: string;
  /** TrainTask's own namespace, where no task may bring a container or a volume; absent: there is none. */
  readonly closedNamespace?: string;
  /** Without it this operator acts at once: only where no other one can be. */
  readonly leaderElection: boolean;
  /** Tasks of these namespaces alone are served; absent or empty: of all. */
  readonly watchNamespaces?: readonly string[];
  /** Slots of a queue that does not say how many. */
  readonly maxRunningDefault: number;
  /** Most memory, in bytes, that a retry after an out-of-memory kill is given. Default 64 GiB. */
  readonly memoryCapBytes?: number;
  /** Tasks reconciled at a time. Default 4. */
  readonly workers?: number;
  /** Where `ca` was read, to be read again. */
  readonly caFile?: string;
  /** Where probes and metrics are answered; absent: nowhere. */
  readonly status?: { readonly host: string; readonly port: number };
}

export const defaults = {
  memoryCapBytes: 64 * 2 ** 30,
  workers: 4,
  maxModelBytes: 2 ** 30,
  maxRunning: 4,
  namespace: "default",
} as const;

/** A setting is missing or makes no sense; the message names the variable. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param env the process's environment
 * @param run what only the running program knows: a name for this run, and how a file is read
 * @throws SettingsError
 */
export function settingsFrom(
  env: Environment,
  run: { readonly identity: string; readonly readFile: (path: string) => string },
): OperatorSettings {
  const caFile = given(env, "TRAINTASK_CA_FILE");
  const ownNamespace = given(env, "TRAINTASK_NAMESPACE");
  const memoryCap = given(env, "TRAINTASK_MEMORY_CAP");
  const statusPort = whole(env, "TRAINTASK_STATUS_PORT");
  return {
    controllerName: given(env, "TRAINTASK_CONTROLLER_NAME") ?? defaultControllerName,
    identity: run.identity,
    namespace: ownNamespace ?? defaults.namespace,
    ...(ownNamespace === undefined ? {} : { closedNamespace: ownNamespace }),
    leaderElection: true,
    watchNamespaces: watchNamespaces(env),
    maxRunningDefault: whole(env, "TRAINTASK_MAX_RUNNING") ?? defaults.maxRunning,
    apiUrl: apiUrl(env),
    ca: caFile === undefined ? "" : run.readFile(caFile),
    ...(caFile === undefined ? {} : { caFile }),
    ...(statusPort === undefined ? {} : { status: { host: statusHost(env), port: statusPort } }),
    trainerImage: required(env, "TRAINTASK_TRAINER_IMAGE"),
    maxModelBytes: whole(env, "TRAINTASK_MAX_MODEL_BYTES") ?? defaults.maxModelBytes,
    allowPrivateAddresses: flag(env, "TRAINTASK_ALLOW_PRIVATE_ADDRESSES"),
    ...(memoryCap === undefined ? {} : { memoryCapBytes: bytes("TRAINTASK_MEMORY_CAP", memoryCap) }),
    workers: whole(env, "TRAINTASK_WORKERS") ?? defaults.workers,
  };
}

function given(env: Environment, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}

function required(env: Environment, name: string): string {
  const value = given(env, name);
  if (value === undefined) throw new SettingsError(`${name} is not set`);
  return value;
}

function whole(env: Environment, name: string): number | undefined {
  const value = given(env, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new SettingsError(`${name} is not a whole number of at least 1: ${value}`);
  }
  return number;
}

function flag(env: Environment, name: string): boolean {
  const value = given(env, name) ?? "false";
  if (value !== "true" && value !== "false") throw new SettingsError(`${name} is neither true nor false: ${value}`);
  return value === "true";
}

function bytes(name: string, value: string): number {
  const number = parseQuantity(value);
  if (number === undefined || number < 1)
    throw new SettingsError(`${name} is not an amount of memory like 16Gi: ${value}`);
  return number;
}

function statusHost(env: Environment): string {
  const name = "TRAINTASK_HOST";
  const host = given(env, name) ?? "127.0.0.1";
  if (isIP(host) === 0) throw new SettingsError(`${name} is not an IP address such as 0.0.0.0: ${host}`);
  return host;
}

function watchNamespaces(env: Environment): string[] {
  const name = "TRAINTASK_WATCH_NAMESPACES";
  try {
    return namespacesIn(given(env, name) ?? "");
  } catch (cause) {
    throw new SettingsError(`${name}: ${cause instanceof Error ? cause.message : ""}`, { cause });
  }
}

function apiUrl(env: Environment): string {
  const value = required(env, "TRAINTASK_API_URL");
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw new SettingsError(`TRAINTASK_API_URL is not an http or https address: ${value}`);
  }
  return value.replace(/\/+$/, "");
}

/** Name of the lease that operators of one controller name compete for: a DNS label made of it. */
export function leaseName(controllerName: string): string {
  const label = controllerName.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return label.slice(0, 63).replace(/^-+|-+$/g, "");
}
