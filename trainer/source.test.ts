import { describe, expect, test } from "vitest";
import { podConfigSchema } from "../traintask/contract.ts";
import { ConfigurationError } from "./errors.ts";
import { trainingRequest } from "./request.ts";
import { type Sources, tableSource } from "./source.ts";

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
  tableSource(config({ dataset }).dataset, { openDataset: (asked) => [asked], ...sources });

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
    "another trainer": { overrides: { trainer: { search: {} } }, message: /spec\.trainer\.search: this trainer makes/ },
    "another engine": {
      overrides: { trainer: { randomForest: { engine: "ml-random-forest" } } },
      message: /randomForest\.engine: ml-random-forest is not supported yet/,
    },
    "row weights": { overrides: { dataset: { csv: "x", weight: "w" } }, message: /spec\.dataset\.weight is not supp/ },
    "a format": { overrides: { dataset: { csv: "x", format: {} } }, message: /spec\.dataset\.format is not supported/ },
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
    expect(await open()).toEqual(["x,y\n1,2\n"]);
    expect(options).toMatchObject({ target: "y", problemType: "regression" });
  });

  test("opens the dataset that the uri names", async () => {
    expect(await source({ uri: `traintask://datasets/${digest}`, target: "y" }).open()).toEqual([digest]);
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
    expect(await source({ ...dataset, target: "y" }, { openMounted }).open()).toEqual(["from the mount"]);
    expect(() => source({ ...dataset, target: "y" })).toThrow(/iris\.csv.*Give the rows as a file: --data rows\.csv/);
  });

  test("takes a file for whatever source the task names, or for none", async () => {
    const file = (): string[] => ["from the file"];
    for (const dataset of [{ target: "y" }, { csv: "x,y\n", target: "y" }, { synthetic: {}, target: "y" }]) {
      expect(await source(dataset, { file }).open()).toEqual(["from the file"]);
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
    "a web address": { dataset: { uri: "https://host/x.csv", target: "y" }, message: /only traintask:\/\/datasets/ },
    "a uri with a bad digest": {
      dataset: { uri: "traintask://datasets/sha256:12", target: "y" },
      message: /only traint/,
    },
  };
  test.each(Object.entries(refused))("refuses %s", (_, { dataset, message }) => {
    expect(() => source(dataset)).toThrow(ConfigurationError);
    expect(() => source(dataset)).toThrow(message);
  });
});
