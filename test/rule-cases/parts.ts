/** Rules of trainers, of what their pods may ask for, and of data. */
import {
  forest,
  container,
  task,
  dataset,
  synthetic,
  randomForest,
  inContainer,
  type Case,
  type Step,
} from "./step.ts";

const boosting = (part: object): Step => task({ ...forest, trainer: { gradientBoosting: part } });
const inVolume = (path: string): Step =>
  task({ ...forest, dataset: { volume: { claimName: "tables", path }, target: "b" } });

export const partCases: Record<string, Case> = {
  "exactly one trainer": {
    bad: [task({ ...forest, trainer: {} }), task({ ...forest, trainer: { ...forest.trainer, ...container.trainer } })],
    good: [task(forest), task(container), boosting({}), task({ ...forest, trainer: { search: {} } })],
  },
  "maxSamples needs bootstrap": {
    bad: [
      randomForest({ maxSamples: "50%", bootstrap: false }),
      randomForest({ maxSamples: "50%", splitter: "random" }),
    ],
    good: [
      randomForest({ maxSamples: "50%" }),
      randomForest({ bootstrap: false }),
      randomForest({ maxSamples: "50%", splitter: "random", bootstrap: true }),
      randomForest({ maxSamples: "50%", splitter: "best" }),
    ],
  },
  "balancedSubsample needs bootstrap": {
    bad: [
      randomForest({ classWeight: "balancedSubsample", bootstrap: false }),
      randomForest({ classWeight: "balancedSubsample", splitter: "random" }),
    ],
    good: [
      randomForest({ classWeight: "balancedSubsample" }),
      randomForest({ classWeight: "balanced", bootstrap: false }),
      randomForest({ classWeight: "balancedSubsample", splitter: "random", bootstrap: true }),
    ],
  },
  "classWeight or classWeights": {
    bad: [randomForest({ classWeight: "balanced", classWeights: [{ label: "1", weight: "2" }] })],
    good: [
      randomForest({ classWeights: [{ label: "1", weight: "2" }] }),
      randomForest({ classWeight: "none", classWeights: [{ label: "1", weight: "2" }] }),
    ],
  },
  "learningRate is more than 0": {
    bad: [boosting({ learningRate: "0" }), boosting({ learningRate: "0.00" })],
    good: [boosting({}), boosting({ learningRate: "0.01" }), boosting({ learningRate: "1" })],
  },
  "validationFraction is more than 0": {
    bad: [boosting({ earlyStopping: { validationFraction: "0.0" } })],
    good: [boosting({ earlyStopping: {} }), boosting({ earlyStopping: { validationFraction: "0.05" } })],
  },
  "shards grow a forest": {
    bad: [task({ ...forest, trainer: { gradientBoosting: {} }, shards: 2 }), task({ ...container, shards: 2 })],
    good: [task({ ...forest, shards: 8 }), task({ ...forest, trainer: { gradientBoosting: {} }, shards: 1 })],
  },
  "a container reads its own table": {
    bad: [
      task({ ...container, dataset: { csv: "a\n1\n", weight: "a" } }),
      task({ ...container, dataset: { csv: "a\n1\n", format: {} } }),
      task({ ...container, dataset: { uri: "https://example.org/a.csv" } }),
    ],
    good: [
      task({ ...container, dataset: { csv: "a\n1\n" } }),
      task({ ...container, dataset: { uri: `traintask://datasets/sha256:${"a".repeat(64)}` } }),
      task(container),
    ],
  },
  "reserved environment": {
    bad: [
      inContainer({ env: [{ name: "TRAINTASK_NAME", value: "x" }] }),
      inContainer({ env: [{ name: "A" }, { name: "KUBEFLOW_TRAINER_SERVER_URL" }] }),
    ],
    good: [inContainer({ env: [{ name: "A", value: "TRAINTASK_" }, { name: "MY_TRAINTASK_NAME" }] })],
  },
  "a toleration without a key tolerates all": {
    bad: [
      inContainer({ tolerations: [{ value: "x" }] }),
      inContainer({ tolerations: [{ key: "", effect: "NoExecute" }] }),
    ],
    good: [inContainer({ tolerations: [{ operator: "Exists" }, { key: "gpu" }] })],
  },
  "Exists compares no value": {
    bad: [inContainer({ tolerations: [{ key: "gpu", operator: "Exists", value: "yes" }] })],
    good: [
      inContainer({
        tolerations: [
          { key: "gpu", value: "yes" },
          { key: "gpu", operator: "Exists" },
        ],
      }),
    ],
  },
  "tolerationSeconds belongs to NoExecute": {
    bad: [inContainer({ tolerations: [{ key: "gpu", tolerationSeconds: 1 }] })],
    good: [inContainer({ tolerations: [{ key: "gpu", effect: "NoExecute", tolerationSeconds: 1 }] })],
  },
  "nodeSelector has label keys": {
    bad: [inContainer({ nodeSelector: { "a b": "x" } }), inContainer({ nodeSelector: { ["a".repeat(64)]: "x" } })],
    good: [inContainer({ nodeSelector: { "kubernetes.io/arch": "amd64", disk: "" } })],
  },
  "exactly one data source": {
    bad: [
      task({ ...forest, dataset: { target: "b" } }),
      dataset({ synthetic: {} }),
      dataset({ configMap: { name: "a", key: "b" } }),
      dataset({ volume: { claimName: "a", path: "b" } }),
    ],
    good: [
      task(forest),
      synthetic({}),
      task({ ...forest, dataset: { configMap: { name: "a", key: "b" }, target: "b" } }),
      inVolume("b"),
    ],
  },
  "a volume's path stays in the volume": {
    bad: ["/b", "..", "../b", "a/../b", "a/..", "./b", "a/./b", "."].map(inVolume),
    good: ["b", "a/b.csv", "..b", "a..b", "a/...", ".b", "a/.b", "b.", "a$(HOME)/b c/ü.csv"].map(inVolume),
  },
  "a volume's path names a file": { bad: ["a/", "a//b", "//"].map(inVolume), good: ["a", "a/b"].map(inVolume) },
  "csv is at most 64 KiB": {
    bad: [dataset({ csv: "ä".repeat(32_769) })],
    good: [dataset({ csv: "ä".repeat(32_768) }), dataset({ csv: "a".repeat(65_536) })],
  },
  "uri names a dataset": {
    bad: [
      "traintask://iris",
      "traintask://datasets/sha256:12",
      `traintask://datasets/sha256:${"A".repeat(64)}`,
      `traintask://datasets/sha256:${"a".repeat(64)}/x`,
      "http://example.org/a.csv",
      "ftp://example.org",
      "https://",
      "https:///a.csv",
      "https://user:password@example.org/a.csv",
      "https://example.org/a b.csv",
      "https://example.org/a.csv#top",
      "example.org",
    ].map((uri) => dataset({ uri, csv: undefined })),
    good: [
      `traintask://datasets/sha256:${"a".repeat(64)}`,
      "https://example.org",
      "https://example.org:8443/a/b.csv.gz?version=1&x=%20",
      "https://example.org?x=@",
      "https://[2001:db8::1]/a.csv",
    ].map((uri) => dataset({ uri, csv: undefined })),
  },
  "a decimal comma needs another separator": {
    bad: [dataset({ format: { decimal: "," } }), dataset({ format: { decimal: ",", separator: "," } })],
    good: [
      dataset({ format: { decimal: ",", separator: ";" } }),
      dataset({ format: { decimal: "." } }),
      dataset({ format: { separator: "\t" } }),
    ],
  },
  "the weight is not the target": {
    bad: [dataset({ weight: "b" })],
    good: [dataset({ weight: "a" }), synthetic({}, { weight: "x1" })],
  },
  "the target is not ignored": {
    bad: [
      dataset({
        columns: [
          { name: "a", type: "number" },
          { name: "b", type: "ignore" },
        ],
      }),
    ],
    good: [
      dataset({
        columns: [
          { name: "a", type: "ignore" },
          { name: "b", type: "number" },
        ],
      }),
    ],
  },
  "a category is no regression target": {
    bad: [dataset({ problemType: "regression", columns: [{ name: "b", type: "category" }] })],
    good: [
      dataset({ problemType: "classification", columns: [{ name: "b", type: "category" }] }),
      dataset({ problemType: "regression", columns: [{ name: "a", type: "category" }] }),
    ],
  },
  "friedman1 is a regression problem": {
    bad: [synthetic({ kind: "friedman1", columns: 5 }, { problemType: "classification" })],
    good: [
      synthetic({ kind: "friedman1", columns: 5 }),
      synthetic({ kind: "friedman1", columns: 5 }, { problemType: "regression" }),
      synthetic({ kind: "uniform" }, { problemType: "classification" }),
    ],
  },
  "friedman1 needs five columns": {
    bad: [synthetic({ kind: "friedman1" }), synthetic({ kind: "friedman1", columns: 4 })],
    good: [synthetic({ kind: "friedman1", columns: 5 }), synthetic({ columns: 1 })],
  },
  "noise belongs to friedman1": {
    bad: [synthetic({ noise: "1" }), synthetic({ noise: "0.001" })],
    good: [synthetic({ noise: "0.00" }), synthetic({ kind: "friedman1", noise: "1.5" })],
  },
  "synthetic data is bounded": {
    bad: [synthetic({ rows: 10_000_000, columns: 11 }), synthetic({ rows: 10_001, columns: 10_000 })],
    good: [synthetic({ rows: 10_000_000, columns: 10 })],
  },
  ...Object.fromEntries(
    ["spec.resources", "spec.trainer.container.resources"].flatMap((at) =>
      ["requests", "limits"].map((list): [string, Case] => {
        const withNames = (...names: string[]): Step => {
          const resources = { [list]: Object.fromEntries(names.map((name) => [name, "1"])) };
          return at === "spec.resources" ? task({ ...forest, resources }) : inContainer({ resources });
        };
        return [
          `resource names of ${at}.${list}`,
          {
            bad: [withNames("cpus"), withNames("cpu", ""), withNames(`example.org/${"a".repeat(52)}`)],
            good: [withNames("cpu", "memory", "nvidia.com/gpu", "ephemeral-storage"), withNames()],
          },
        ];
      }),
    ),
  ),
};
