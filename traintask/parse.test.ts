import { describe, expect, test } from "vitest";
import { MalformedError, parseTrainQueue, parseTrainTask, specWithDefaults } from "./parse.ts";

const metadata = {
  name: "iris",
  namespace: "team",
  uid: "5a6d9c3e-8a3e-4d53-9d0b-1f3f0c5f7e21",
  creationTimestamp: "2026-01-02T03:04:05Z",
};
const spec = { trainer: { randomForest: {} }, dataset: { csv: "a,b\n1,2\n", target: "b" } };
const task = { apiVersion: "traintask.dev/v1alpha1", kind: "TrainTask", metadata, spec };
const queue = {
  apiVersion: "traintask.dev/v1alpha1",
  kind: "TrainQueue",
  metadata: { ...metadata, namespace: undefined },
};

describe("a stored task", () => {
  test("is read with its defaults", () => {
    const parsed = parseTrainTask(task);
    expect(parsed.spec).toMatchObject({
      seed: 0,
      shards: 1,
      queue: "default",
      priority: 0,
      suspend: false,
      cancel: false,
    });
    expect(parsed.spec.trainer.randomForest).toEqual({
      nEstimators: 100,
      minSamplesSplit: 2,
      minSamplesLeaf: 1,
      engine: "histogram",
      splitter: "best",
      classWeight: "none",
      minImpurityDecrease: "0",
    });
    expect(parsed.status).toEqual({ state: "Queued" });
  });

  test("keeps what we do not read of its metadata", () => {
    expect(parseTrainTask({ ...task, metadata: { ...metadata, finalizers: ["a"] } }).metadata.finalizers).toEqual([
      "a",
    ]);
  });

  test("of a newer version is read without the fields that we do not know", () => {
    const newer = {
      ...task,
      spec: { ...spec, novelty: 1, trainer: { randomForest: { novelty: 1 } } },
      status: { novelty: {} },
    };
    expect(parseTrainTask(newer)).toEqual(parseTrainTask({ ...task, status: {} }));
  });

  const malformed: Record<string, { object: unknown; field: string }> = {
    "is not an object": { object: "task", field: "" },
    "is of another kind": { object: { ...task, kind: "Job" }, field: "kind" },
    "is of another version": { object: { ...task, apiVersion: "traintask.dev/v2" }, field: "apiVersion" },
    "has no spec": { object: { ...task, spec: undefined }, field: "spec" },
    "has no uid": { object: { ...task, metadata: { name: "x", creationTimestamp: "" } }, field: "metadata.uid" },
    "has a number that is text": { object: { ...task, spec: { ...spec, seed: "1" } }, field: "spec.seed" },
    "has a bad item in a list": {
      object: { ...task, spec: { ...spec, dataset: { ...spec.dataset, columns: [{ name: "a", type: "date" }] } } },
      field: "spec.dataset.columns[0].type",
    },
    "has a condition that we cannot know": {
      object: { ...task, status: { conditions: [{ type: "Done", status: "True" }] } },
      field: "status.conditions[0].type",
    },
  };
  test.each(Object.entries(malformed))("that %s is an error that names the field", (_name, { object, field }) => {
    const error = thrown(() => parseTrainTask(object));
    expect(error).toBeInstanceOf(MalformedError);
    expect((error as MalformedError).field).toBe(field);
    expect((error as MalformedError).message).toContain(field);
    expect((error as MalformedError).cause).toBeDefined();
  });
});

describe("a stored queue", () => {
  test("may have no spec: then ours serves it, and nothing is limited here", () => {
    expect(parseTrainQueue(queue).spec).toEqual({ controllerName: "traintask.dev/operator", stopPolicy: "None" });
  });

  test("that is malformed is an error that names the field", () => {
    const error = thrown(() => parseTrainQueue({ ...queue, spec: { maxRunning: -1 } }));
    expect((error as MalformedError).field).toBe("spec.maxRunning");
  });
});

test("a spec with defaults applied does not change when they are applied again", () => {
  const once = specWithDefaults({ trainer: { randomForest: {} }, dataset: { synthetic: {} } });
  expect(once.dataset?.synthetic).toEqual({ kind: "uniform", rows: 50, columns: 2, noise: "0", seed: 0 });
  expect(specWithDefaults(once)).toEqual(once);
});

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
