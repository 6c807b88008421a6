import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { env } from "../traintask/contract.ts";
import { podConfigDigest } from "../traintask/pod-config-digest.ts";
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
  test("reads environment and configuration, defaults applied", async () => {
    const settings = await readSettings(environment());
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

  test("reads which of the shards it is, and grows in as many threads as it is told or has cores", async () => {
    const settings = await readSettings(environment({ [env.shard]: "7", [env.shards]: "8", [env.threads]: "3" }));
    expect(settings).toMatchObject({ share: { shard: 7, shards: 8 }, threads: 3 });
    expect((await readSettings(environment())).threads).toBe(availableCores());
  });

  test("takes an empty certificate file, or none, for the system's authorities", async () => {
    for (const file of [path.join(directory, "empty.crt"), undefined])
      expect((await readSettings(environment({ [env.ca]: file }))).api.caFile).toBeUndefined();
  });

  test("needs the file of a table that is mounted, and of no other", async () => {
    const mounted = JSON.stringify({ ...config, dataset: { configMap: { name: "tables", key: "iris.csv" } } });
    const told = { [env.dataset]: "/mnt/iris.csv" };
    expect((await readSettings(environment(told, mounted))).datasetFile).toBe("/mnt/iris.csv");
    const untold = readSettings(environment({}, mounted));
    await expect(untold).rejects.toThrow("variable TRAINTASK_DATASET_FILE is not set");
    expect(await readSettings(environment(told))).not.toHaveProperty("datasetFile");
  });

  test("takes a configuration as it is that was checked by the same schema, and checks any other", async () => {
    const written = (checkedBy: string, randomForest: object): Environment =>
      environment({}, JSON.stringify({ ...config, trainer: { randomForest }, checkedBy }));
    // Defaults are the writer's as well.
    const same = await readSettings(written(podConfigDigest, { nEstimators: 7 }));
    expect(same.config.trainer.randomForest).toEqual({ nEstimators: 7 });
    const other = await readSettings(written("sha256:another", { nEstimators: 7 }));
    expect(other.config.trainer.randomForest).toMatchObject({ nEstimators: 7, minSamplesLeaf: 1 });
    const wrong = readSettings(written("sha256:another", { nEstimators: "many" }));
    await expect(wrong).rejects.toThrow(/config\.json: trainer\.randomForest\.nEstimators: /);
  });

  const names = [env.apiUrl, env.namespace, env.name, env.attempt, env.shard, env.shards, env.config, env.token];
  test.each(names)("needs %s", async (name) => {
    const missing = readSettings(environment({ [name]: undefined }));
    await expect(missing).rejects.toThrow(`The environment variable ${name} is not set.`);
    await expect(readSettings(environment({ [name]: "" }))).rejects.toThrow(ConfigurationError);
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
  test.each(Object.entries(bad))("refuses %s", async (_, { environment: overrides, config: text, message }) => {
    const read = (): unknown => readSettings(environment(overrides, text));
    await expect(read).rejects.toThrow(ConfigurationError);
    await expect(read).rejects.toThrow(message);
  });
});
