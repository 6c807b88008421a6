import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aBoostingHeader, aHeader, aTree, iterationsWithLosses } from "../test/builders/model.ts";
import type { IterationLine } from "../model/format.ts";
import { curveText, OpenCurve } from "./curve.ts";
import { Scoreboard, type ScoreboardOptions } from "./scoreboard.ts";

const sizes = [0.5, 1.5, 2.5, 3.5, 2.6, 0.1];
const columns = [
  { name: "size", type: "number", values: Float64Array.from(sizes) },
  { name: "colour", type: "category", categories: ["red", "blue"], codes: Uint8Array.from([0, 0, 1, 1, 0, 0]) },
] as const;
const numbers = { name: "price", problemType: "regression", values: Float64Array.of(10, 10, 11, 11, 10.5, 9) } as const;
const labels = {
  name: "species",
  problemType: "classification",
  classes: ["ant", "bee", "cat"],
  codes: Uint16Array.of(0, 0, 2, 2, 0, 1),
} as const;
const split = (test: number[]) => ({
  train: Uint32Array.from(sizes.keys()).filter((row) => !test.includes(row)),
  test: Uint32Array.from(test),
});

function boosting(test: number[], lines: readonly IterationLine[]) {
  const scoreboard = new Scoreboard({
    header: aBoostingHeader(),
    columns,
    target: numbers,
    split: split(test),
    seed: 1,
  });
  const snapshots = lines.map((line) => scoreboard.count(line));
  return { scoreboard, snapshots, last: scoreboard.snapshot() };
}
const names = (metrics: readonly { name: string }[]): string[] => metrics.map(({ name }) => name);

describe("the scores of boosting", () => {
  test("are those of held-out rows by the best iteration so far, with the losses of the last one", () => {
    const { scoreboard, last } = boosting([0, 2, 4], iterationsWithLosses(2, 1, 3));
    // Iterations 0 and 1 add 11 to a large size, the third would add 100 more.
    expect(scoreboard.heldOut()?.metrics.find(({ name }) => name === "mae")?.value).toBeCloseTo((10 + 10.5) / 3, 12);
    expect(scoreboard.bestIteration).toBe(1);
    expect(scoreboard.outOfBag()).toBeUndefined();
    expect(last.score).toMatch(/^R2 -/);
    expect(names(last.metrics)).toEqual([
      "held_out_r2",
      "held_out_rmse",
      "held_out_mae",
      "train_loss",
      "validation_loss",
    ]);
    expect(last.metrics.at(-1)).toEqual({ name: "validation_loss", value: 3 });
  });

  test("without held-out rows are the best validation loss, and the curve rises as the loss falls", () => {
    const { last } = boosting([], iterationsWithLosses(0.75, 0.25, 0.5));
    expect(last.score).toBe("loss 0.250");
    expect(names(last.metrics)).toEqual(["train_loss", "validation_loss"]);
    expect(last.curve).toEqual([
      { iterations: 1, score: -0.75, loss: { train: 1, validation: 0.75 } },
      { iterations: 2, score: -0.25, loss: { train: 1, validation: 0.25 } },
      { iterations: 3, score: -0.5, loss: { train: 1, validation: 0.5 } },
    ]);
    expect(curveText(last.curve)).toBe("▁█▅");
  });

  test("without validation either are the training loss", () => {
    const lines = iterationsWithLosses(undefined, undefined).map((line) => ({ ...line, loss: { train: 12_345 } }));
    const { last } = boosting([], lines);
    expect(last.score).toBe("loss 1.23e+4");
    expect(names(last.metrics)).toEqual(["train_loss"]);
  });

  test("count iterations as they come, and scores as of the last point", () => {
    const { snapshots } = boosting([0, 2], iterationsWithLosses(1, 1));
    expect(snapshots.map(({ trees }) => trees)).toEqual([1, 2]);
  });

  test("before the first line are none", () => {
    const { last } = boosting([0, 2], []);
    expect(last).toEqual({ trees: 0, metrics: [], curve: [] });
  });
});

describe("the scores of a forest", () => {
  const forest: NonNullable<ScoreboardOptions["forest"]> = {
    addOutOfBag: () => undefined,
    outOfBagPredictions: () => Float64Array.of(0, NaN, 2),
    outOfBagProbabilities: () => Float64Array.of(0.5, 0.25, 0.25, NaN, NaN, NaN, 0.125, 0, 0.875),
  };
  const counted = (options: Partial<ScoreboardOptions> = {}): Scoreboard => {
    const scoreboard = new Scoreboard({
      header: aHeader(),
      columns,
      target: labels,
      split: split([3, 4, 5]),
      seed: 1,
      forest,
      ...options,
    });
    for (let tree = 0; tree < 4; tree++) scoreboard.count(aTree({ tree }));
    return scoreboard;
  };

  test("keep held-out rows and out-of-bag rows apart, and leave out the area where a class has no row", () => {
    const { metrics, score } = counted().snapshot();
    const value = (wanted: string): number | undefined => metrics.find(({ name }) => name === wanted)?.value;
    expect(names(metrics)).toEqual([
      ...["accuracy", "balanced_accuracy", "macro_f1", "log_loss", "roc_auc"].map((name) => `held_out_${name}`),
      ...["accuracy", "balanced_accuracy", "macro_f1", "log_loss"].map((name) => `out_of_bag_${name}`),
    ]);
    expect(value("held_out_accuracy")).toBeCloseTo(1 / 3, 12);
    expect(value("out_of_bag_accuracy")).toBe(1);
    expect(value("out_of_bag_log_loss")).toBeCloseTo(-(Math.log(0.5) + Math.log(0.875)) / 2, 12);
    expect(score).toBe("acc 0.333");
  });

  test("out of the bag leave out the rows that every tree has seen", () => {
    expect(counted().outOfBag()?.rows).toBe(2);
  });

  test("show the out-of-bag score first where no row is held out", () => {
    const all = { ...forest, outOfBagProbabilities: () => new Float64Array(18).fill(1 / 3) };
    expect(counted({ split: split([]), forest: all }).snapshot().score).toBe("acc 0.500");
  });

  test("are taken once for a number of trees, however often they are asked for", () => {
    let asked = 0;
    const counting = { ...forest, outOfBagProbabilities: () => (asked++, forest.outOfBagProbabilities()) };
    const scoreboard = counted({ forest: counting });
    scoreboard.snapshot();
    scoreboard.outOfBag();
    expect(asked).toBe(4);
  });
});

describe("a curve whose end is not known", () => {
  test("has evenly spaced points, at least 10 of them once there are so many, and ends at the last iteration", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (iterations) => {
        const curve = new OpenCurve();
        const at = (count: number) => ({ iterations: count, score: count, loss: { train: 1 } });
        for (let count = 1; count <= iterations; count++) if (curve.wants(count)) curve.push(at(count));
        const points = curve.endingWith(at(iterations)).map((point) => point.iterations);
        expect(points.at(-1)).toBe(iterations);
        expect(points.length).toBeLessThanOrEqual(20);
        expect(points.length).toBeGreaterThanOrEqual(Math.min(10, iterations));
        const gaps = points.slice(1, -1).map((point, index) => point - points[index]!);
        expect(new Set(gaps).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });
});
