import { describe, expect, test } from "vitest";
import { syntheticCsv } from "../data/synthetic.ts";
import { mergeParts } from "../model/merge.ts";
import { readModel } from "../model/predict.ts";
import { syntheticSchema } from "../traintask/dataset.ts";
import { ModelTooLargeError, StoppedError, TemporaryError } from "./errors.ts";
import type { Grower } from "./grower.ts";
import type { Report } from "./report.ts";
import { scriptedApi, sha256 } from "./scripted-api.ts";
import { attempt, grower, linesOf, podConfig, treesOf } from "./scripted-run.ts";

describe("a run that nothing disturbs", () => {
  test("stores a header and each tree once, in order, then the report, and marks both as done", async () => {
    const api = scriptedApi();
    await attempt(api);
    expect(treesOf(api)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(linesOf(api)).toHaveLength(9);
    expect(api.part("model").done).toBe(true);
    expect(api.part("report").done).toBe(true);
    expect(api.text("report")).toMatch(/^\{.*\}\n$/);
  });

  test("leaves a part that merges into a model which predicts", async () => {
    const api = scriptedApi();
    await attempt(api);
    const model = await readModel(mergeParts([() => linesOf(api)]));
    expect(model.end).toMatchObject({ trees: 8 });
    expect(model.predict([{ x1: 0.5, x2: 0.5 }])).toHaveLength(1);
  });

  test("reports the held-out scores that the stored model gives", async () => {
    const api = scriptedApi();
    const synthetic = { kind: "friedman1", rows: 120, columns: 5 };
    await attempt(api, { config: podConfig({ dataset: { synthetic } }) });
    const report = JSON.parse(api.text("report")) as Report;
    expect(report.rows).toEqual({ train: 96, test: 24 });
    expect(report.heldOut?.rows).toBe(24);
    expect(report.heldOut?.metrics.map(({ name }) => name)).toEqual(["r2", "rmse", "mae"]);
    const model = await readModel(mergeParts([() => linesOf(api)]));
    const csv = [...syntheticCsv(syntheticSchema.parse(synthetic))].join("").trim().split("\n");
    const [names, ...rows] = csv.map((line) => line.split(","));
    const predicted = model.predict(
      rows.map((row) => Object.fromEntries(row.map((cell, i) => [names![i], Number(cell)]))),
    );
    // The mean absolute error over all rows lies between those of trained and of held-out rows, which are worse.
    const errors = predicted.map((p, row) => Math.abs(("value" in p ? p.value : NaN) - Number(rows[row]!.at(-1))));
    const mae = report.heldOut!.metrics.find(({ name }) => name === "mae")!.value;
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(mae);
    expect(errors.some((error) => error > mae)).toBe(true);
  });

  test("tells its progress in Kubeflow's shape, with curve and score", async () => {
    const api = scriptedApi();
    await attempt(api);
    const last = api.progress.at(-1)!;
    expect(last.trainerStatus).toMatchObject({ progressPercentage: 100, estimatedRemainingSeconds: 0 });
    expect(last.trainerStatus.metrics).toContainEqual({ name: "trees", value: "8" });
    expect(last.trainerStatus.metrics?.map(({ name }) => name)).toContain("held_out_accuracy");
    expect(last.curve).toMatch(/^[▁▂▃▄▅▆▇█]{8}$/);
    expect(last.score).toMatch(/^acc [01]\.\d{3}$/);
  });

  test("makes no report while another part is open", async () => {
    const api = scriptedApi();
    api.shards = 3;
    await attempt(api, { share: { shard: 0, shards: 3 } });
    expect(api.part("model").done).toBe(true);
    expect(api.part("report").done).toBe(false);
  });

  test("reads a dataset that the API keeps", async () => {
    const api = scriptedApi();
    const csv = "x,z,y\n1,2,a\n2,1,b\n3,5,a\n4,2,b\n5,2,a\n6,0,b\n";
    api.datasets.set(sha256(csv), Buffer.from(csv));
    const dataset = { synthetic: undefined, uri: `traintask://datasets/${sha256(csv)}`, target: "y" };
    await attempt(api, { config: podConfig({ dataset }) });
    expect(JSON.parse(api.text("report"))).toMatchObject({ target: "y", classes: ["a", "b"] });
  });
});

describe("a run that is asked to stop", () => {
  test("saves what is grown, starts nothing new and says that it was stopped", async () => {
    const api = scriptedApi();
    const stop = new AbortController();
    const made = grower();
    const stopping: Grower = {
      ...made,
      async grow(tree) {
        if (tree === 5) {
          stop.abort();
          return new Promise(() => undefined); // A tree that takes longer than the grace period.
        }
        return made.grow(tree);
      },
    };
    await expect(attempt(api, { grower: stopping, stop: stop.signal })).rejects.toThrow(StoppedError);
    const trees = treesOf(api);
    expect(trees.length).toBeGreaterThanOrEqual(3);
    expect(trees).toEqual(trees.map((_, i) => i));
    expect(api.part("model").done).toBe(false);
    await attempt(api);
    const undisturbed = scriptedApi();
    await attempt(undisturbed);
    expect(api.text("model")).toBe(undisturbed.text("model"));
  });

  test("stops at once while the data is read", async () => {
    const api = scriptedApi();
    const stop = new AbortController();
    const prepare = (): Promise<never> => {
      stop.abort();
      return new Promise(() => undefined);
    };
    await expect(attempt(api, { grower: { ...grower(), prepare }, stop: stop.signal })).rejects.toThrow(StoppedError);
  });

  test("gives up saving when the API stays away, and then it is no clean stop", async () => {
    const api = scriptedApi();
    const stop = new AbortController();
    const made = grower();
    api.script = () => {
      throw new TemporaryError("away");
    };
    const stopping: Grower = { ...made, grow: (tree) => (tree === 5 && stop.abort(), made.grow(tree)) };
    await expect(attempt(api, { grower: stopping, stop: stop.signal })).rejects.toThrow(TemporaryError);
  });
});

describe("an API that is away", () => {
  test.each(["before", "after"] as const)(
    "for a while costs nothing but time: fails %s each effect",
    async (failing) => {
      const api = scriptedApi();
      const failures = new Map<string, number>();
      api.script = (moment, { stream, offset, last }) => {
        const key = `${stream}/${offset}/${last}`;
        const count = failures.get(key) ?? 0;
        if (moment !== failing || count === 3) return;
        failures.set(key, count + 1);
        throw new TemporaryError("The API answered 503: away");
      };
      const lines = await attempt(api);
      expect(lines).toContain("The API answered 503: away Trying again.");
      const undisturbed = scriptedApi();
      await attempt(undisturbed);
      expect(api.text("model")).toBe(undisturbed.text("model"));
      expect(api.text("report")).toBe(undisturbed.text("report"));
    },
  );

  test("for good ends the run as temporary, so that the next attempt goes on", async () => {
    const api = scriptedApi();
    let put = 0;
    api.script = () => {
      if (++put > 6) throw new TemporaryError("away");
    };
    await expect(attempt(api)).rejects.toThrow(TemporaryError);
    expect(treesOf(api).length).toBeGreaterThan(0);
  });

  test("a progress that cannot be told never ends a run", async () => {
    const api = scriptedApi();
    api.postProgress = () => Promise.reject(new TemporaryError("no progress taken"));
    const lines = await attempt(api);
    expect(lines.filter((line) => line === "no progress taken")).toHaveLength(1);
    expect(api.part("report").done).toBe(true);
  });
});

describe("a model that is too large", () => {
  test("is refused after the first tree, before more are grown", async () => {
    const api = scriptedApi();
    const made = grower(podConfig({ nEstimators: 1000 }));
    let grown = 0;
    const counting: Grower = { ...made, grow: (tree) => (grown++, made.grow(tree)) };
    const config = podConfig({ nEstimators: 1000, maxModelBytes: 50_000 });
    await expect(attempt(api, { config, grower: counting })).rejects.toThrow(ModelTooLargeError);
    expect(grown).toBeLessThan(4);
  });

  test("is judged by its trees: the header is there but once", async () => {
    const undisturbed = scriptedApi();
    await attempt(undisturbed, { config: podConfig({ nEstimators: 200 }) });
    const size = undisturbed.bytes("model").length;
    const [header] = linesOf(undisturbed);
    expect(200 * Buffer.byteLength(header!)).toBeGreaterThan(2 * size);
    const api = scriptedApi();
    await attempt(api, { config: podConfig({ nEstimators: 200, maxModelBytes: 2 * size }) });
    expect(api.part("model").done).toBe(true);
  });

  test("is taken when it just fits", async () => {
    const undisturbed = scriptedApi();
    await attempt(undisturbed);
    const size = undisturbed.bytes("model").length;
    const api = scriptedApi();
    await attempt(api, { config: podConfig({ maxModelBytes: size + 20_000 }) });
    expect(api.bytes("model")).toHaveLength(size);
  });
});
