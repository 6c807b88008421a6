/** The engine's trees, stored and read back, against what the library itself answers. */
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { RandomForestClassifier, RandomForestRegression } from "ml-random-forest";
import { describe, expect, test } from "vitest";
import { aCategoryColumn, aClassTarget, aForestInput, aNumberColumn, friedman } from "../../test/builders/forest.ts";
import { allRows } from "../../test/builders/grown.ts";
import { aHeader } from "../../test/builders/model.ts";
import type { TreeLine } from "../../model/format.ts";
import { type Predictor, readModel } from "../../model/predict.ts";
import { writeLine } from "../../model/write.ts";
import type { ForestInput } from "../forest/forest.ts";
import { type LibraryForest, prepareLibraryForest } from "./library-forest.ts";
import { growLibraryTree, type LibraryDraw, type LibraryTable } from "./library-tree.ts";

interface Asked {
  readonly table: LibraryTable;
  readonly draw: LibraryDraw;
}

/** The engine on this thread, and what it asked of the library. */
function inProcess(input: ForestInput): { forest: LibraryForest; asked: Asked[] } {
  const asked: Asked[] = [];
  const forest = prepareLibraryForest(input, (table) => ({
    grow(draw) {
      asked.push({ table, draw });
      return Promise.resolve(growLibraryTree(table, draw));
    },
    close: () => undefined,
  }));
  return { forest, asked };
}

function modelOf(forest: LibraryForest, lines: readonly TreeLine[]): Promise<Predictor> {
  const { classes: _, ...header } = aHeader();
  return readModel([{ ...header, ...forest.header }, ...lines].map(writeLine));
}

/** What the library answers for the rows of the table, asked with its options as a person would write them. */
function answersOfLibrary({ table, draw }: Asked): number[] {
  const { cells, columns, truth, classes, minSamplesSplit, maxDepth } = table;
  const all = Array.from(truth, (_, row) => Array.from(cells.subarray(row * columns, (row + 1) * columns)));
  const Engine = classes === 0 ? RandomForestRegression : RandomForestClassifier;
  const engine = new Engine({
    nEstimators: 1,
    seed: draw.seed,
    replacement: false,
    noOOB: true,
    useSampleBagging: false,
    treeOptions: {
      gainThreshold: classes === 0 ? -1 : 1e-9,
      minNumSamples: minSamplesSplit - 1,
      maxDepth,
    },
  });
  engine.train(
    Array.from(draw.rows, (row) => all[row]!),
    Array.from(draw.rows, (row) => truth[row]!),
  );
  return engine.predict(new Matrix(all));
}

const inputs = fc
  .record({
    rows: fc.integer({ min: 2, max: 30 }),
    classes: fc.integer({ min: 0, max: 4 }),
    options: fc.record({
      maxDepth: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      minSamplesSplit: fc.integer({ min: 2, max: 6 }),
      bootstrap: fc.boolean(),
    }),
    seed: fc.nat(),
  })
  .chain(({ rows, classes, options: { maxDepth, ...options }, seed }) =>
    fc
      .record({
        // Few distinct numbers: ties within and between columns are frequent.
        numbers: fc.array(
          fc.integer({ min: -3, max: 3 }).map((x) => x / 2),
          { minLength: rows, maxLength: rows },
        ),
        others: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: rows, maxLength: rows }),
        codes: fc.array(fc.nat(2), { minLength: rows, maxLength: rows }),
        truth: fc.array(fc.nat(Math.max(0, (classes || 7) - 1)), { minLength: rows, maxLength: rows }),
      })
      .map(({ numbers, others, codes, truth }) => {
        const columns = [
          aNumberColumn(numbers, "a"),
          aNumberColumn(others, "b"),
          aCategoryColumn(codes, ["p", "q", "r"], "c"),
        ];
        const labels = Array.from({ length: Math.max(2, classes) }, (_, label) => `c${label}`);
        return aForestInput({
          columns,
          seed,
          ...(classes === 0
            ? { target: { problemType: "regression", values: Float64Array.from(truth, (y) => y * 1.1) } }
            : { target: aClassTarget(truth, labels) }),
          options: { ...options, ...(maxDepth === undefined ? {} : { maxDepth }), nEstimators: 3 },
        });
      }),
  );

describe("a tree of the engine, read back from its line,", () => {
  test("answers each row exactly as the library does", async () => {
    await fc.assert(
      fc.asyncProperty(inputs, fc.nat(2), async (input, tree) => {
        const { forest, asked } = inProcess(input);
        const model = await modelOf(forest, [await forest.growTree(tree)]);
        const { target } = input;
        const labels = target.problemType === "classification" ? target.classes : [];
        const found = model
          .predict(allRows(input))
          .map((one) => ("value" in one ? one.value : labels.indexOf(one.label)));
        // A leaf's -0 is written as 0.
        expect(found).toEqual(answersOfLibrary(asked[0]!).map((value) => value + 0));
      }),
      { numRuns: 150 },
    );
  });

  test("has as weights the rows that it was grown from", async () => {
    const input = aForestInput({
      columns: [aNumberColumn([1, 1, 1, 2, 2])],
      target: aClassTarget([1, 1, 0, 1, 1]),
    });
    const { value, threshold, importance } = await inProcess(input).forest.growTree(0);
    expect({ value, threshold, importance }).toEqual({
      value: [[0, 1, 1, 2], 1],
      threshold: [1.5],
      importance: [0, 1],
    });
  });

  test("says how much each column lessened the variance", async () => {
    const input = aForestInput({
      columns: [aNumberColumn([0, 0, 0, 0, 1, 1, 1, 1], "big"), aNumberColumn([0, 0, 1, 1, 0, 0, 1, 1], "small")],
      target: { problemType: "regression", values: Float64Array.of(0, 0, 2, 2, 100, 100, 102, 102) },
    });
    // Of 8 x 2501, 8 x 2500 go with the first column and 8 x 1 with the other.
    const { importance, value } = await inProcess(input).forest.growTree(0);
    expect(value).toEqual([0, 2, 100, 102]);
    expect(importance[1]).toBeCloseTo(2500 / 2501, 12);
    expect(importance[3]).toBeCloseTo(1 / 2501, 12);
  });
});

describe("the engine's forest", () => {
  const input = aForestInput({
    ...friedman({ rows: 60, columns: 5, noise: 1 }),
    options: { bootstrap: true, nEstimators: 8 },
  });

  test("grows each tree from the seed and its index alone, and no two alike", async () => {
    const { forest } = inProcess(input);
    const forwards = [];
    for (let tree = 0; tree < 4; tree++) forwards.push(writeLine(await forest.growTree(tree)));
    const again = inProcess(input).forest;
    for (let tree = 3; tree >= 0; tree--) expect(writeLine(await again.growTree(tree))).toBe(forwards[tree]);
    expect(new Set(forwards.map((line) => line.replace(/"tree":\d+/, ""))).size).toBe(4);
    const other = await inProcess({ ...input, seed: 1 }).forest.growTree(0);
    expect(writeLine(other)).not.toBe(forwards[0]);
  });

  test("judges a row by the trees that had not drawn it", async () => {
    const { forest, asked } = inProcess(input);
    const line = await forest.growTree(0);
    const votes = forest.votes();
    votes.addOutOfBag(line);
    const drawn = new Set(asked[0]!.draw.rows);
    const model = await modelOf(forest, [line]);
    const expected = Array.from(model.outputs(allRows(input)), (value, row) => (drawn.has(row) ? NaN : value));
    expect(Array.from(votes.outOfBagPredictions())).toEqual(expected);
    expect(votes.outOfBagProbabilities()).toBeUndefined();
    expect(forest.votes().outOfBagPredictions().every(Number.isNaN)).toBe(true);
  });

  test("has out-of-bag probabilities of classes, whose largest is the prediction", async () => {
    const target = aClassTarget(
      Array.from({ length: 60 }, (_, row) => row % 3),
      ["a", "b", "c"],
    );
    const { forest } = inProcess({ ...input, target });
    const votes = forest.votes();
    for (let tree = 0; tree < 4; tree++) votes.addOutOfBag(await forest.growTree(tree));
    const probabilities = votes.outOfBagProbabilities()!;
    const predictions = votes.outOfBagPredictions();
    expect(predictions.some((value) => !Number.isNaN(value))).toBe(true);
    predictions.forEach((predicted, row) => {
      const shares = Array.from(probabilities.subarray(row * 3, row * 3 + 3));
      if (Number.isNaN(predicted)) expect(shares).toEqual([NaN, NaN, NaN]);
      else expect(shares.indexOf(Math.max(...shares))).toBe(predicted);
    });
  });

  test("has no row out of the bag without bootstrap", async () => {
    const { forest } = inProcess({ ...input, options: { ...input.options, bootstrap: false } });
    const votes = forest.votes();
    votes.addOutOfBag(await forest.growTree(0));
    expect(votes.outOfBagPredictions().every(Number.isNaN)).toBe(true);
  });

  test("draws as many rows as maxSamples says", async () => {
    const { forest, asked } = inProcess({ ...input, options: { ...input.options, maxSamples: "25%" } });
    await forest.growTree(0);
    expect(asked[0]!.draw.rows).toHaveLength(15);
  });
});
