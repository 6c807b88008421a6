/**
 * A task as a person wrote it in a YAML file, checked as the API server would: unknown fields are errors that name
 * them, defaults are applied.
 */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import type { PodConfig } from "../../traintask/pod-config.ts";
import { apiVersion } from "../../traintask/names.ts";
import { MalformedError, specWithDefaults } from "../../traintask/parse.ts";
import type { TrainTaskSpec } from "../../traintask/spec.ts";
import { ConfigurationError } from "../errors.ts";

/** A model of any size may be written to a person's own disk, and a table read from wherever that person can read it. */
const ownMachine = { maxModelBytes: Number.MAX_SAFE_INTEGER, allowPrivateAddresses: true };

/** @throws ConfigurationError for a file that is not there or is no task that can be trained */
export async function readTaskFile(file: string): Promise<PodConfig> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new ConfigurationError(`${file} cannot be read: ${reason(cause)}`, { cause });
  });
  return podConfig(file, parseYaml(file, text));
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    throw new ConfigurationError(`${file} is not YAML: ${reason(cause)}`, { cause });
  }
}

function podConfig(file: string, task: unknown): PodConfig {
  const { apiVersion: version, kind, spec } = (task ?? {}) as Record<string, unknown>;
  if (kind !== "TrainTask" || version !== apiVersion) {
    throw new ConfigurationError(`${file} is not a TrainTask of ${apiVersion}.`);
  }
  if (typeof spec !== "object" || spec === null) throw new ConfigurationError(`${file}: spec is missing.`);
  const { trainer, dataset, seed } = checkedSpec(file, spec);
  if (dataset === undefined) throw new ConfigurationError(`${file}: spec.dataset is missing.`);
  return { trainer, dataset, seed, ...ownMachine };
}

function checkedSpec(file: string, spec: object): TrainTaskSpec {
  let checked: TrainTaskSpec;
  try {
    // The parser takes the type of what a person may write; that this is such a thing is for it to find out.
    checked = specWithDefaults(spec as Parameters<typeof specWithDefaults>[0]);
  } catch (cause) {
    if (!(cause instanceof MalformedError)) throw cause;
    throw new ConfigurationError(`${file}: ${cause.message}`, { cause });
  }
  const unknown = firstUnknown(spec, checked, "spec");
  if (unknown !== undefined) throw new ConfigurationError(`${file}: unknown field ${unknown}.`);
  return checked;
}

/** The path of the first field that the schema dropped. */
function firstUnknown(written: unknown, kept: unknown, path: string): string | undefined {
  if (typeof written !== "object" || written === null || typeof kept !== "object" || kept === null) return undefined;
  for (const [key, value] of Object.entries(written)) {
    const at = Array.isArray(written) ? `${path}[${key}]` : `${path}.${key}`;
    if (!Object.hasOwn(kept, key)) return at;
    const deeper = firstUnknown(value, (kept as Record<string, unknown>)[key], at);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
