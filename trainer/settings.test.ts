import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { env } from "../traintask/contract.ts";
import { availableCores } from "./cores.ts";
import { ConfigurationError } from "./errors.ts";
import { type Environment, readSettings } from "./settings.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "traintask-settings-"));
  writeFileSync(path.join(directory, "ca.crt"), "-----BEGIN CERTIFICATE-----\n");
  writeFileSync(path.join(directory, "empty.crt"), "\n");
});
afterEach(() => rmSync(directory, { recursive: true }));

const config = { trainer: { randomForest: {} }, dataset: { csv: "a,b\n1,2\n" }, seed: 1, maxModelBytes: 1000 };

function environment(overrides: Environment = {}, text = JSON.stringify(config)): Environment {
  const file = path.join(directory, "config.json");
  writeFileSync(file, text);
  return {
    [env.apiUrl]: "https://api.example:8443/",
    [env.namespace]: "team-a",
    [env.name]: "iris",
    [env.attempt]: "3",
    [env.shard]: "0",
    [env.shards]: "1",
    [env.config]: file,
    [env.token]: "/run/token",
    [env.ca]: path.join(directory, "ca.crt"),
    ...overrides,
  };
}

describe("readSettings", () => {
  test("reads environment and configuration, defaults applied", () => {
    const settings = readSettings(environment());
    expect(settings).toMatchObject({
      attempt: 3,
      share: { shard: 0, shards: 1 },
      config: { seed: 1, maxModelBytes: 1000 },
    });
    expect(settings.api).toEqual({
      url: "https://api.example:8443",
      tokenFile: "/run/token",
      caFile: path.join(directory, "ca.crt"),
      namespace: "team-a",
      name: "iris",
    });
    expect(settings.config.trainer.randomForest?.nEstimators).toBe(100);
  });

  test("reads which of the shards it is, and grows in as many threads as it is told or has cores", () => {
    const settings = readSettings(environment({ [env.shard]: "7", [env.shards]: "8", [env.threads]: "3" }));
    expect(settings).toMatchObject({ share: { shard: 7, shards: 8 }, threads: 3 });
    expect(readSettings(environment()).threads).toBe(availableCores());
  });

  test("takes an empty certificate file, or none, for the system's authorities", () => {
    expect(readSettings(environment({ [env.ca]: path.join(directory, "empty.crt") })).api.caFile).toBeUndefined();
    expect(readSettings(environment({ [env.ca]: undefined })).api.caFile).toBeUndefined();
  });

  test("needs the file of a table that is mounted, and of no other", () => {
    const mounted = JSON.stringify({ ...config, dataset: { configMap: { name: "tables", key: "iris.csv" } } });
    expect(readSettings(environment({ [env.dataset]: "/mnt/iris.csv" }, mounted)).datasetFile).toBe("/mnt/iris.csv");
    expect(() => readSettings(environment({}, mounted))).toThrow("variable TRAINTASK_DATASET_FILE is not set");
    expect(readSettings(environment({ [env.dataset]: "/mnt/iris.csv" }))).not.toHaveProperty("datasetFile");
  });

  const names = [env.apiUrl, env.namespace, env.name, env.attempt, env.shard, env.shards, env.config, env.token];
  test.each(names)("needs %s", (name) => {
    expect(() => readSettings(environment({ [name]: undefined }))).toThrow(
      `The environment variable ${name} is not set.`,
    );
    expect(() => readSettings(environment({ [name]: "" }))).toThrow(ConfigurationError);
  });

  const bad: Record<string, { environment?: Environment; config?: string; message: RegExp }> = {
    "an attempt that is no number": { environment: { [env.attempt]: "x" }, message: /TRAINTASK_ATTEMPT is "x", not a/ },
    "a shard that there is not": {
      environment: { [env.shard]: "2", [env.shards]: "2" },
      message: /TRAINTASK_SHARD is 2: of 2 shards/,
    },
    "no thread": { environment: { [env.threads]: "0" }, message: /TRAINTASK_THREADS is 0: it takes at least one/ },
    "a certificate file that is not there": {
      environment: { [env.ca]: "/no/ca" },
      message: /\/no\/ca, .* cannot be read/,
    },
    "a configuration that is not there": {
      environment: { [env.config]: "/no/file" },
      message: /\/no\/file, the trainer's/,
    },
    "a configuration that is not JSON": { config: "{", message: /config\.json is not JSON/ },
    "a configuration without data": { config: '{"trainer":{}}', message: /config\.json: dataset: / },
    "a field of the wrong type": {
      config: JSON.stringify({ ...config, trainer: { randomForest: { nEstimators: "many" } } }),
      message: /config\.json: trainer\.randomForest\.nEstimators: /,
    },
  };
  test.each(Object.entries(bad))("refuses %s", (_, { environment: overrides, config: text, message }) => {
    const read = (): unknown => readSettings(environment(overrides, text));
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(message);
  });
});
