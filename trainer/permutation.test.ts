import { describe, expect, test } from "vitest";
import { aBoostingHeader, aHeader, aRegressionHeader, aTree, iterationsWithLosses } from "../test/builders/model.ts";
import type { TreeLine } from "../model/format.ts";
import { random } from "../traintask/random.ts";
import { boostingPermutation, type LeftOut, permutation, type PermutationImportances } from "./permutation.ts";

/** `size` says all about the target, `colour` nothing. */
function aTable(rows: number) {
  const generator = random(1);
  const sizes = Float64Array.from({ length: rows }, () => generator.below(40) / 10);
  return {
    columns: [
      { name: "size", type: "number", values: sizes },
      {
        name: "colour",
        type: "category",
        categories: ["red", "blue"],
        codes: Uint8Array.from(sizes, () => generator.below(2)),
      },
    ],
    target: { name: "y", problemType: "regression", values: sizes.map((size) => (size <= 2 ? 10 : 11)) },
    rows: Uint32Array.from(sizes.keys()),
    header: aRegressionHeader(),
    seed: 3,
    trees: 4,
  } as const;
}
/** By size alone; its answers are the truth. */
const bySize = (tree: number): TreeLine => aTree({ tree, feature: [0, -1, -1], bin: [1], value: [10, 11] });
const found = (result: PermutationImportances | LeftOut | undefined): PermutationImportances => {
  if (result === undefined || "leftOut" in result) throw new Error(`left out: ${result?.leftOut}`);
  return result;
};

describe("permutation importances", () => {
  test("are the fall of the score: all of it for the column that decides, none for one that no tree asks for", () => {
    const shuffling = permutation(aTable(400));
    for (let tree = 0; tree < 4; tree++) shuffling.add(bySize(tree));
    const { columns, ...rest } = found(shuffling.finish());
    expect(rest).toEqual({ metric: "r2", rows: 400, of: 400, repeats: 5 });
    expect(columns.map(({ column }) => column)).toEqual(["size", "colour"]);
    expect(columns[1]).toEqual({ column: "colour", mean: 0, deviation: 0 });
    // Independent answers miss the truth as far as the truth misses its mean, twice over: R2 falls from 1 to about -1.
    expect(columns[0]!.mean).toBeGreaterThan(1.7);
    expect(columns[0]!.mean).toBeLessThan(2.3);
    expect(columns[0]!.deviation).toBeGreaterThan(0);
    expect(columns[0]!.deviation).toBeLessThan(0.3);
  });

  test("of classes are the fall of accuracy", () => {
    const table = aTable(300);
    const codes = Uint16Array.from(table.target.values, (value) => (value === 10 ? 0 : 1));
    const classes = ["ant", "bee"];
    const target = { name: "y", problemType: "classification", classes, codes } as const;
    const shuffling = permutation({ ...table, header: aHeader({ classes }), target });
    shuffling.add(aTree({ feature: [0, -1, -1], bin: [1], value: [0, 1] }));
    const { metric, columns } = found(shuffling.finish());
    expect(metric).toBe("accuracy");
    expect(columns[0]!.mean).toBeGreaterThan(0.4);
    expect(columns[0]!.mean).toBeLessThan(0.6);
  });

  test("walk with thresholds as with bins", () => {
    const table = aTable(200);
    const withBins = permutation(table);
    withBins.add(bySize(0));
    const withThresholds = permutation(table);
    const { bin: _, ...tree } = bySize(0);
    withThresholds.add({ ...tree, threshold: [2.05] });
    expect(withThresholds.finish()).toEqual(withBins.finish());
  });

  test("depend on the seed, and on nothing but data and seed", () => {
    const finish = (seed: number): unknown => {
      const shuffling = permutation({ ...aTable(200), seed });
      shuffling.add(bySize(0));
      return shuffling.finish();
    };
    expect(finish(1)).toEqual(finish(1));
    expect(finish(1)).not.toEqual(finish(2));
  });

  test("take a sample of very many rows, or with very many trees, and say so", () => {
    const sampled = (rows: number, trees: number): PermutationImportances => {
      const shuffling = permutation({ ...aTable(rows), trees });
      shuffling.add(bySize(0));
      return found(shuffling.finish());
    };
    expect(sampled(12_000, 1)).toMatchObject({ rows: 10_000, of: 12_000 });
    expect(sampled(12_000, 10_000)).toMatchObject({ rows: 454, of: 12_000 });
  });

  test("are left out, with the reason, where too few rows could be taken", () => {
    const shuffling = permutation({ ...aTable(2000), trees: 100_000 });
    shuffling.add(bySize(0));
    expect(shuffling.finish()).toEqual({
      leftOut: "2 columns, 1 outputs and 100000 trees are too many to shuffle 100 rows with.",
    });
  });

  test("are left out where the rows have no score", () => {
    const table = aTable(50);
    const constant = { ...table.target, values: table.target.values.fill(7) };
    const shuffling = permutation({ ...table, target: constant });
    shuffling.add(bySize(0));
    expect(shuffling.finish()).toEqual({ leftOut: "r2 does not exist on these rows." });
  });

  test("are absent without held-out rows", () => {
    const shuffling = permutation({ ...aTable(50), rows: new Uint32Array(0) });
    shuffling.add(bySize(0));
    expect(shuffling.finish()).toBeUndefined();
  });
});

describe("permutation importances of boosting", () => {
  const input = { ...aTable(100), header: aBoostingHeader({ gradientBoosting: { maxIter: 100_000, baseline: [10] } }) };
  const after = (...losses: number[]): unknown => {
    const shuffling = boostingPermutation(input);
    for (const line of iterationsWithLosses(...losses)) shuffling.add(line);
    return shuffling.finish();
  };

  test("are those of the iterations that the model predicts by, however many were asked for", () => {
    expect(found(after(1) as PermutationImportances).columns[0]!.mean).toBeGreaterThan(1);
    expect(after(1, 2, 3)).toEqual(after(1));
    expect(after(3, 2)).not.toEqual(after(3));
  });
});
