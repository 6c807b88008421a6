import { describe, expect, test } from "vitest";
import { podConfigSchema } from "../traintask/pod-config.ts";
import { curveText, isCurvePoint } from "./curve.ts";
import { aBoostingHeader, iterationsWithLosses } from "../test/builders/model.ts";
import { type Report, reportOf } from "./report.ts";
import { Scoreboard } from "./scoreboard.ts";
import { maxConfusionClasses, scoresOn, scoreText } from "./scores.ts";
import { trainingRequest } from "./request.ts";
import { training } from "./training.ts";

async function trained(overrides: { randomForest?: object; dataset?: object } = {}): Promise<Report> {
  const { randomForest = {}, dataset = {} } = overrides;
  const config = podConfigSchema.parse({
    trainer: { randomForest: { nEstimators: 30, ...randomForest } },
    dataset: { synthetic: { kind: "friedman1", rows: 200, columns: 6 }, ...dataset },
    seed: 1,
    maxModelBytes: 1 << 30,
  });
  const grower = training(trainingRequest(config), { openDataset: () => [] });
  const { total } = await grower.prepare();
  for (let index = 0; index < total; index++) await grower.grow(index);
  return JSON.parse(await grower.report()) as Report;
}

describe("the report", () => {
  test("has out-of-bag scores alone when no row is held out", async () => {
    const report = await trained();
    expect(report.heldOut).toBeUndefined();
    expect(report.outOfBag?.rows).toBe(200);
    expect(report.rows).toEqual({ train: 200, test: 0 });
    const r2 = report.outOfBag!.metrics.find(({ name }) => name === "r2")!.value;
    expect(r2).toBeGreaterThan(0.5);
    expect(report.score).toBe(`R2 ${r2.toFixed(2)}`);
  });

  test("has held-out scores alone without bootstrap", async () => {
    const report = await trained({ randomForest: { bootstrap: false }, dataset: { testFraction: "0.25" } });
    expect(report.outOfBag).toBeUndefined();
    expect(report.heldOut?.rows).toBe(50);
    expect(report.score).toBe(`R2 ${report.heldOut!.metrics[0]!.value.toFixed(2)}`);
  });

  test("has no score without bootstrap and test rows, and says so by its absence", async () => {
    const report = await trained({ randomForest: { bootstrap: false } });
    expect(report).not.toHaveProperty("score");
    expect(report.curve).toEqual([]);
  });

  test("has the importances of all columns, greatest first, which sum to 1", async () => {
    const { importances } = await trained();
    expect(importances.map(({ column }) => column).toSorted()).toEqual(["x1", "x2", "x3", "x4", "x5", "x6"]);
    const values = importances.map(({ importance }) => importance);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    expect(importances[0]!.column).toBe("x4");
    expect(importances.at(-1)!.column).toBe("x6");
  });

  test("has the confusion matrix of classes, rows being the truth", async () => {
    const rows = Array.from({ length: 90 }, (_, i) => `${i},${i < 30 ? "a" : "b"}`);
    const report = await trained({ dataset: { synthetic: undefined, csv: `x,y\n${rows.join("\n")}\n`, target: "y" } });
    expect(report.classes).toEqual(["b", "a"]);
    const confusion = report.outOfBag?.confusion;
    expect(confusion?.[0]?.[0]).toBeGreaterThan(55);
    expect(confusion?.[1]?.[1]).toBeGreaterThan(25);
  });

  test("has permutation importances of held-out rows, by the columns that the target is made from", async () => {
    expect(await trained()).not.toHaveProperty("permutationImportances");
    const { permutationImportances } = await trained({ dataset: { testFraction: "0.5" } });
    if (permutationImportances === undefined || "leftOut" in permutationImportances) throw new Error("left out");
    const { metric, rows, of, columns } = permutationImportances;
    expect({ metric, rows, of }).toEqual({ metric: "r2", rows: 100, of: 100 });
    expect(columns[0]!.column).toBe("x4");
    expect(columns[0]!.mean).toBeGreaterThan(0.3);
    // x6 has nothing to do with the target.
    expect(Math.abs(columns.find(({ column }) => column === "x6")!.mean)).toBeLessThan(0.1);
  });

  test("of boosting has its iterations, and which of them is the best", () => {
    const header = aBoostingHeader();
    const columns = [
      { name: "size", type: "number", values: Float64Array.of(1, 2, 3) },
      { name: "colour", type: "category", categories: ["red"], codes: Uint8Array.of(0, 0, 0) },
    ] as const;
    const scoreboard = new Scoreboard({
      header,
      columns,
      target: { name: "price", problemType: "regression", values: Float64Array.of(10, 10, 11) },
      split: { train: Uint32Array.of(0, 1, 2), test: Uint32Array.of() },
      seed: 1,
    });
    for (const line of iterationsWithLosses(3, 2, 5)) scoreboard.count(line);
    const rows = { train: 3, test: 0 };
    const report = reportOf({ header, rows, lines: 3, importances: [0, 1], scoreboard, warnings: ["w"] });
    expect(report).toEqual({
      kind: "report",
      version: 1,
      problemType: "regression",
      target: "price",
      rows,
      iterations: { grown: 3, asked: 4, best: 1 },
      score: "loss 2.00",
      importances: [
        { column: "colour", importance: 1 },
        { column: "size", importance: 0 },
      ],
      curve: scoreboard.curve(),
      warnings: ["w"],
    });
  });

  test("hands on the warnings about the data, and says when too few rows make no test row", async () => {
    const csv = `x,id,y\n${["a", "b", "c", "d"].map((id, i) => `${i},${id},${i * 1.5}`).join("\n")}\n`;
    const { warnings } = await trained({ dataset: { synthetic: undefined, csv, target: "y", testFraction: "0.1" } });
    expect(warnings).toEqual([
      expect.stringMatching(/^Column "id" is ignored/),
      "testFraction 0.1 of 4 rows is none: there is no held-out score.",
    ]);
  });
});

describe("scoresOn", () => {
  test("leaves out rows that have no prediction", () => {
    const target = { name: "y", problemType: "regression", values: Float64Array.of(1, 2, 3, 4) } as const;
    const scores = scoresOn(target, Uint32Array.of(1, 2, 3), Float64Array.of(2, NaN, 5));
    expect(scores?.rows).toBe(2);
    expect(scores?.metrics.find(({ name }) => name === "mae")?.value).toBe(0.5);
    expect(scoresOn(target, Uint32Array.of(0), Float64Array.of(NaN))).toBeUndefined();
  });
});

test("a confusion matrix of very many classes is left out: the report is one line, and lines are bounded", () => {
  const scores = (classes: number) => {
    const labels = Array.from({ length: classes }, (_, i) => `c${i}`);
    const codes = Uint16Array.from(labels.keys());
    const target = { name: "y", problemType: "classification", classes: labels, codes } as const;
    const certain = Float64Array.from({ length: classes ** 2 }, (_, at) => (at % (classes + 1) === 0 ? 1 : 0));
    return scoresOn(target, Uint32Array.from(codes), certain);
  };
  expect(scores(maxConfusionClasses)?.confusion).toHaveLength(maxConfusionClasses);
  expect(scores(maxConfusionClasses + 1)).not.toHaveProperty("confusion");
  expect(scores(1000)?.metrics[0]).toEqual({ name: "accuracy", value: 1 });
});

describe("the learning curve", () => {
  test("has at most 20 points, evenly spaced, the last one at all trees", () => {
    for (const total of [1, 3, 19, 20, 21, 100, 333, 100_000]) {
      const points = Array.from({ length: total }, (_, i) => i + 1).filter((trees) => isCurvePoint(trees, total));
      expect(points).toHaveLength(Math.min(20, total));
      expect(points.at(-1)).toBe(total);
      const gaps = points.map((point, i) => point - (points[i - 1] ?? 0));
      expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
    }
  });

  test("is drawn from the lowest block to the highest, flat in the middle", () => {
    const draw = (...scores: number[]): string => curveText(scores.map((score, i) => ({ trees: i + 1, score })));
    expect(draw(0.1, 0.5, 0.9)).toBe("▁▅█");
    expect(draw(-2, -1)).toBe("▁█");
    expect(draw(0.7, 0.7)).toBe("▄▄");
    expect(draw()).toBe("");
  });
});

test("scores for people have the digits that matter", () => {
  expect(scoreText("accuracy", 0.95333)).toBe("acc 0.953");
  expect(scoreText("r2", 0.4142)).toBe("R2 0.41");
});
