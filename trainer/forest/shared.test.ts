import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { aClassTarget, aForestInput, friedman } from "../../test/builders/forest.ts";
import { trees } from "../../test/builders/grown.ts";
import { forestOf, type ForestInput, prepareForest, shareForest } from "./forest.ts";

const table = friedman({ rows: 120 });
const weights = Float64Array.from({ length: 120 }, (_, i) => (i % 5) / 3);
const target = aClassTarget(
  Array.from({ length: 120 }, (_, i) => i % 3),
  ["a", "b", "c"],
);
const cases: Record<string, ForestInput> = {
  "a regression": aForestInput({ ...table, options: { nEstimators: 3, bootstrap: true } }),
  "weights and extra trees": aForestInput({ ...table, weights, options: { nEstimators: 3, splitter: "random" } }),
  "classes, balanced anew for each tree": aForestInput({
    ...table,
    target,
    weights,
    options: { nEstimators: 3, bootstrap: true, classWeight: "balancedSubsample", maxLeafNodes: 9 },
  }),
};

describe("what threads share of a forest", () => {
  it.each(Object.entries(cases))("grows the same trees from a clone: %s", (_, input) => {
    const forest = prepareForest(input);
    const shared = structuredClone(shareForest(input));
    expect(forestOf(shared).header).toEqual(forest.header);
    expect(trees(forestOf(shared))).toEqual(trees(forest));
  });

  it("is one memory: codes, targets and weights are not copied", async () => {
    const shared = shareForest(cases["weights and extra trees"]!);
    const { matrix, rows, binValues } = shared;
    for (const array of [matrix.codes, rows.truth, rows.content, rows.weight, binValues])
      expect(array!.buffer).toBeInstanceOf(SharedArrayBuffer);
    const worker = new Worker("require('worker_threads').workerData.rows.truth[7] = 42", {
      eval: true,
      workerData: shared,
    });
    await new Promise((done) => worker.once("exit", done));
    expect(rows.truth[7]).toBe(42);
  });
});
