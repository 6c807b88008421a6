import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { podConfigSchema } from "../traintask/pod-config.ts";
import { ConfigurationError } from "./errors.ts";
import { trainingRequest } from "./request.ts";
import { type Sources, type TableSource, tableSource } from "./source.ts";

const digest = `sha256:${"a".repeat(64)}`;
const config = (overrides: { trainer?: object; dataset?: object } = {}) =>
  podConfigSchema.parse({
    trainer: { randomForest: {} },
    dataset: { csv: "x,y\n1,2\n", target: "y" },
    seed: 0,
    maxModelBytes: 1,
    ...overrides,
  });
const source = (dataset: object, sources: Partial<Sources> = {}) =>
  tableSource(config({ dataset }), { openDataset: (asked) => [asked], ...sources });

const bytesOf = async (open: TableSource["open"]): Promise<string> => {
  const read: Uint8Array[] = [];
  for await (const chunk of await open()) read.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(read).toString();
};

describe("trainingRequest", () => {
  test("answers what the forest is asked for, defaults applied", () => {
    expect(trainingRequest(config()).asked).toEqual({
      trainer: "randomForest",
      options: {
        nEstimators: 100,
        minSamplesSplit: 2,
        minSamplesLeaf: 1,
        engine: "histogram",
        splitter: "best",
        classWeight: "none",
        minImpurityDecrease: "0",
      },
    });
  });

  test("answers what boosting is asked for, defaults applied", () => {
    const { asked } = trainingRequest(config({ trainer: { gradientBoosting: { maxIter: 7 } } }));
    expect(asked).toMatchObject({ trainer: "gradientBoosting", options: { maxIter: 7, learningRate: "0.1" } });
  });

  test("shares out trees, and refuses to share out iterations", () => {
    const share = { shard: 1, shards: 2 };
    expect(trainingRequest(config(), share).share).toEqual(share);
    const boosting = () => trainingRequest(config({ trainer: { gradientBoosting: {} } }), share);
    expect(boosting).toThrow(ConfigurationError);
    expect(boosting).toThrow(/^spec\.shards is 2: only the trees of a randomForest/);
  });

  const refused: Record<string, { overrides: { trainer?: object; dataset?: object }; message: RegExp }> = {
    "no trainer": { overrides: { trainer: {} }, message: /exactly one trainer, and none is there/ },
    "two trainers": {
      overrides: { trainer: { randomForest: {}, gradientBoosting: {} } },
      message: /exactly one trainer, and there are randomForest and gradientBoosting/,
    },
    "another trainer": {
      overrides: { trainer: { container: { image: "any" } } },
      message: /spec\.trainer\.container: this trainer makes/,
    },
  };
  test.each(Object.entries(refused))("refuses %s, rather than ignore it", (_, { overrides, message }) => {
    const request = (): unknown => trainingRequest(config(overrides));
    expect(request).toThrow(ConfigurationError);
    expect(request).toThrow(message);
  });
});

describe("tableSource", () => {
  test("opens the text in the task", async () => {
    const { open, options } = source({ csv: "x,y\n1,2\n", target: "y", problemType: "regression" });
    expect(await bytesOf(open)).toBe("x,y\n1,2\n");
    expect(options).toMatchObject({ target: "y", problemType: "regression" });
  });

  test("opens the dataset that the uri names", async () => {
    expect(await bytesOf(source({ uri: `traintask://datasets/${digest}`, target: "y" }).open)).toBe(digest);
  });

  test("opens the web address that the uri names, as the installation allows", async () => {
    const openHttps = (uri: string, options: object): string[] => [JSON.stringify({ uri, ...options })];
    const dataset = { uri: "https://host/x.csv", target: "y" };
    expect(JSON.parse(await bytesOf(source(dataset, { openHttps }).open))).toEqual({
      uri: "https://host/x.csv",
      allowPrivateAddresses: false,
    });
    const allowed = tableSource(
      { ...config({ dataset }), allowPrivateAddresses: true },
      { openDataset: () => [], openHttps },
    );
    expect(JSON.parse(await bytesOf(allowed.open))).toMatchObject({ allowPrivateAddresses: true });
  });

  test("inflates what is compressed, wherever it is from", async () => {
    const csv = "x,y\n1,2\n";
    const openDataset = (): Uint8Array[] => [gzipSync(csv)];
    expect(await bytesOf(source({ uri: `traintask://datasets/${digest}`, target: "y" }, { openDataset }).open)).toBe(
      csv,
    );
    const openMounted = (): Uint8Array[] => [zstdCompressSync(csv)];
    expect(await bytesOf(source({ configMap: { name: "c", key: "k" }, target: "y" }, { openMounted }).open)).toBe(csv);
  });

  test("hands on how the table is written and which column holds the weights", () => {
    const format = { separator: ";", decimal: "," };
    expect(source({ csv: "x", target: "y", weight: "w", format }).options).toMatchObject({ weight: "w", format });
    expect(source({ synthetic: {}, weight: "x1" }).options).toMatchObject({ weight: "x1" });
  });

  test("generates synthetic data, whose target and problem type it knows", async () => {
    const { open, options } = source({ synthetic: { rows: 3 } });
    expect([...((await open()) as Iterable<string>)].join("").split("\n")).toHaveLength(5);
    expect(options).toMatchObject({ target: "y", problemType: "classification" });
    expect(source({ synthetic: { kind: "friedman1" } }).options).toMatchObject({ problemType: "regression" });
    expect(source({ synthetic: {}, problemType: "regression", target: "x1" }).options).toMatchObject({
      target: "x1",
      problemType: "regression",
    });
  });

  const mounted = {
    "a key of a ConfigMap": { configMap: { name: "tables", key: "iris.csv" } },
    "a file of a volume": { volume: { claimName: "tables", path: "2026/iris.csv" } },
  };
  test.each(Object.entries(mounted))("opens %s where the pod has it mounted", async (_, dataset) => {
    const openMounted = (): string[] => ["from the mount"];
    expect(await bytesOf(source({ ...dataset, target: "y" }, { openMounted }).open)).toBe("from the mount");
    expect(() => source({ ...dataset, target: "y" })).toThrow(/iris\.csv.*Give the rows as a file: --data rows\.csv/);
  });

  test("takes a file for whatever source the task names, or for none", async () => {
    const file = (): string[] => ["from the file"];
    for (const dataset of [{ target: "y" }, { csv: "x,y\n", target: "y" }, { synthetic: {}, target: "y" }]) {
      expect(await bytesOf(source(dataset, { file }).open)).toBe("from the file");
    }
  });

  const refused: Record<string, { dataset: object; message: RegExp }> = {
    "no source": {
      dataset: { target: "y" },
      message: /exactly one of csv, uri, synthetic, configMap and volume; 0 are there/,
    },
    "a ConfigMap beside rows": { dataset: { csv: "x", configMap: { name: "c", key: "k" } }, message: /2 are there/ },
    "two sources": { dataset: { csv: "x", synthetic: {} }, message: /2 are there/ },
    "no target": { dataset: { csv: "x" }, message: /spec\.dataset\.target is missing/ },
    "an address that is not https": {
      dataset: { uri: "http://host/x.csv", target: "y" },
      message: /spec\.dataset\.uri: traintask:.* and https:.* are read, not http:\/\/host\/x\.csv/,
    },
    "a uri with a bad digest": {
      dataset: { uri: "traintask://datasets/sha256:12", target: "y" },
      message: /are read, not/,
    },
    "the target for a weight": {
      dataset: { csv: "x", target: "y", weight: "y" },
      message: /spec\.dataset\.weight names the target, "y"/,
    },
    "a comma for two purposes": {
      dataset: { csv: "x", target: "y", format: { decimal: "," } },
      message: /spec\.dataset\.format: a comma cannot be both/,
    },
    "a format of synthetic data": {
      dataset: { synthetic: {}, format: { separator: ";" } },
      message: /spec\.dataset\.format: synthetic/,
    },
  };
  test.each(Object.entries(refused))("refuses %s", (_, { dataset, message }) => {
    expect(() => source(dataset)).toThrow(ConfigurationError);
    expect(() => source(dataset)).toThrow(message);
  });
});
