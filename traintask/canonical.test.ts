import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, modelSpec } from "./canonical.ts";
import { specWithDefaults } from "./parse.ts";

type Input = Parameters<typeof specWithDefaults>[0];
const csv = "a,b\n1,2\n";
const base: Input = { trainer: { randomForest: {} }, dataset: { csv, target: "b" } };
const text = (spec: Partial<Input>): string => modelSpec(specWithDefaults({ ...base, ...spec }));

describe("canonical JSON", () => {
  test("has the keys of every object in order, and lists as they are", () => {
    expect(canonicalJson({ b: [2, { d: 1, c: null }], a: "x", z: undefined })).toBe(
      '{"a":"x","b":[2,{"c":null,"d":1}]}',
    );
  });

  test("means what the value means, and is the same for the same meaning", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = canonicalJson(value);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(json))).toBe(json);
      }),
    );
  });
});

describe("what makes the model", () => {
  test("is this text: the digest in every model file depends on it", () => {
    expect(text({ seed: 7 })).toBe(
      '{"dataset":{"target":"b","testFraction":"0"},"seed":7,"trainer":{"randomForest":' +
        '{"classWeight":"none","engine":"histogram","minImpurityDecrease":"0","minSamplesLeaf":1,"minSamplesSplit":2,"nEstimators":100,"splitter":"best"}}}',
    );
  });

  const same: Record<string, Partial<Input>> = {
    "the data source": { dataset: { uri: "traintask://datasets/x", target: "b" } },
    "a default that is written out": { trainer: { randomForest: { nEstimators: 100 } }, seed: 0 },
    "queue and priority": { queue: "other", priority: 5 },
    resources: { resources: { limits: { memory: "1Gi" } } },
    shards: { shards: 8 },
    "suspend and deadlines": { suspend: true, activeDeadlineSeconds: 5 },
  };
  test.each(Object.entries(same))("does not change with %s", (_name, spec) => {
    expect(text(spec)).toBe(text({}));
  });

  test("does not change with the order in which columns are declared", () => {
    const columns = [
      { name: "a", type: "number" as const },
      { name: "b", type: "category" as const },
    ];
    expect(text({ dataset: { csv, target: "b", columns } })).toBe(
      text({ dataset: { csv, target: "b", columns: columns.toReversed() } }),
    );
  });

  const other: Record<string, Partial<Input>> = {
    "the trainer": { trainer: { randomForest: { nEstimators: 101 } } },
    "the seed": { seed: 1 },
    "the target": { dataset: { csv, target: "a" } },
    "the problem": { dataset: { csv, target: "b", problemType: "classification" } },
    "the held-out rows": { dataset: { csv, target: "b", testFraction: "0.25" } },
    "a column's type": { dataset: { csv, target: "b", columns: [{ name: "a", type: "category" }] } },
    "the weights": { dataset: { csv, target: "b", weight: "a" } },
    "the format": { dataset: { csv, target: "b", format: { separator: ";" } } },
  };
  test.each(Object.entries(other))("changes with %s", (_name, spec) => {
    expect(text(spec)).not.toBe(text({}));
  });
});
