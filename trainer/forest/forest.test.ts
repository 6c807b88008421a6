import { describe, expect, it } from "vitest";
import {
  aCategoryColumn,
  aClassTarget,
  aForestInput,
  aNumberColumn,
  aRegressionTarget,
  friedman,
} from "../../test/builders/forest.ts";
import { allRows, predictor, text, trees } from "../../test/builders/grown.ts";
import { writeLine } from "../../model/write.ts";
import { type ForestInput, ForestOptionError, prepareForest } from "./forest.ts";

describe("a forest", () => {
  it("learns what can be told apart, perfectly, without bootstrap", async () => {
    const xor = aForestInput({
      columns: [aNumberColumn([0, 0, 1, 1]), aNumberColumn([0, 1, 0, 1], "z")],
      target: aClassTarget([0, 1, 1, 0]),
    });
    expect((await predictor(xor)).predict(allRows(xor)).map((p) => "label" in p && p.label)).toEqual([
      "no",
      "yes",
      "yes",
      "no",
    ]);
    const values = aForestInput({
      columns: [aNumberColumn([5, 1, 3, NaN])],
      target: aRegressionTarget([0.1, 7, -2.5, 1e6]),
    });
    expect((await predictor(values)).predict(allRows(values))).toEqual([0.1, 7, -2.5, 1e6].map((value) => ({ value })));
  });

  it("is a single leaf where the target is constant, or no column varies", () => {
    const constant = trees(prepareForest(aForestInput({ target: aRegressionTarget([2.5, 2.5, 2.5, 2.5]) })));
    expect(constant).toEqual([{ kind: "tree", tree: 0, feature: [-1], bin: [], value: [2.5], importance: [] }]);
    const blind = aForestInput({ columns: [aNumberColumn([1, 1, 1])], target: aClassTarget([0, 1, 1]) });
    expect(trees(prepareForest(blind))[0]).toMatchObject({ feature: [-1], value: [[0, 1, 1, 2]], importance: [] });
  });

  it("grows a tree from (seed, index) alone, whichever were grown before", () => {
    const input = aForestInput({
      ...friedman({ rows: 200 }),
      options: { nEstimators: 6, bootstrap: true, maxFeatures: "3" },
    });
    const inOrder = text(input);
    const forest = prepareForest(input);
    for (const tree of [4, 1, 1, 5, 0, 3, 2]) expect(writeLine(forest.growTree(tree))).toBe(inOrder[tree]);
    expect(new Set(inOrder.map((line) => line.replace(/"tree":\d+/, ""))).size).toBe(6);
    expect(text({ ...input, seed: 1 })).not.toEqual(inOrder);
  });

  it("changes no byte when rows that are not trained on change", () => {
    const { columns, target } = friedman({ rows: 60 });
    const rows = Uint32Array.from({ length: 40 }, (_, i) => i);
    const input = aForestInput({ columns, target, rows });
    const other = columns.map((column) =>
      column.type === "number" ? { ...column, values: column.values.map((x, i) => (i < 40 ? x : -x)) } : column,
    );
    expect(text({ ...input, columns: other })).toEqual(text(input));
    expect(prepareForest({ ...input, columns: other }).header).toEqual(prepareForest(input).header);
  });

  it("gives the importance to the columns that matter", () => {
    const [tree] = trees(prepareForest(aForestInput({ ...friedman({ rows: 1000 }), options: { maxDepth: 5 } })));
    const importance = new Map(
      Array.from({ length: tree!.importance.length / 2 }, (_, i) => [
        tree!.importance[2 * i]!,
        tree!.importance[2 * i + 1]!,
      ]),
    );
    const informative = [0, 1, 2, 3, 4].reduce((sum, column) => sum + (importance.get(column) ?? 0), 0);
    expect(informative).toBeGreaterThan(0.9);
  });

  it("has binned number columns, categories as given, classes and counts in its header", () => {
    const input = aForestInput({
      columns: [aNumberColumn([1, 2, 2, NaN]), aCategoryColumn([0, 1, -1, 255], ["red", "blue"])],
      target: aClassTarget([0, 1, 1, 0]),
      options: { nEstimators: 7 },
    });
    expect(prepareForest(input).header).toEqual({
      grower: "traintask-histogram/2",
      problemType: "classification",
      classes: ["no", "yes"],
      columns: [
        { name: "x", type: "number", missing: true, edges: [1.5] },
        { name: "c", type: "category", missing: true, categories: ["red", "blue"] },
      ],
      rows: 4,
      randomForest: { nEstimators: 7 },
    });
  });
});

describe("missing values", () => {
  it("go to the side that helps most", async () => {
    const input = aForestInput({
      columns: [aNumberColumn([1, 2, 3, 4, NaN, NaN])],
      target: aRegressionTarget([0, 0, 9, 9, 0, 0]),
      options: { maxDepth: 1 },
    });
    expect(trees(prepareForest(input))[0]).toMatchObject({ bin: [1], missingLeft: [0], value: [0, 9] });
    const mirrored = { ...input, target: aRegressionTarget([9, 9, 0, 0, 0, 0]) };
    const [tree] = trees(prepareForest(mirrored));
    expect(tree).toMatchObject({ bin: [1], value: [9, 0] });
    expect(tree!.missingLeft).toBeUndefined();
  });

  it("are told apart from all others where that is the best cut", () => {
    const input = aForestInput({ columns: [aNumberColumn([1, 2, NaN, NaN])], target: aRegressionTarget([0, 0, 5, 5]) });
    expect(trees(prepareForest(input))[0]).toMatchObject({ feature: [0, -1, -1], bin: [1], value: [0, 5] });
  });

  it("go to the child with more rows where training saw none, right if equal", () => {
    const more = aForestInput({ columns: [aNumberColumn([1, 2, 3])], target: aRegressionTarget([0, 0, 9]) });
    expect(trees(prepareForest(more))[0]!.missingLeft).toEqual([0]);
    const equal = aForestInput({ columns: [aNumberColumn([1, 2])], target: aRegressionTarget([0, 9]) });
    expect(trees(prepareForest(equal))[0]!.missingLeft).toBeUndefined();
  });
});

describe("the options of a forest", () => {
  const sizes = (input: ForestInput): number => trees(prepareForest(input))[0]!.feature.length;
  const plain = aForestInput(friedman({ rows: 100 }));
  const withOptions = (options: Partial<ForestInput["options"]>): ForestInput => ({
    ...plain,
    options: { ...plain.options, ...options },
  });

  it("bound the depth", () => {
    expect(sizes(withOptions({ maxDepth: 1 }))).toBe(3);
    expect(sizes(withOptions({ maxDepth: 3 }))).toBeLessThanOrEqual(15);
  });

  it("bound the rows of a leaf from below", () => {
    expect(sizes(withOptions({ minSamplesLeaf: 51 }))).toBe(1);
    expect(sizes(withOptions({ minSamplesLeaf: 50 }))).toBe(3);
  });

  it("bound the rows of a node to split from below", () => {
    expect(sizes(withOptions({ minSamplesSplit: 101 }))).toBe(1);
    expect(sizes(withOptions({ minSamplesSplit: 100 }))).toBeGreaterThan(1);
  });

  it("draw as many rows as maxSamples says", () => {
    const input = {
      ...plain,
      target: aClassTarget(Array.from({ length: 100 }, (_, i) => i % 2)),
      options: withOptions({ bootstrap: true, maxSamples: "10", maxDepth: 1 }).options,
    };
    const drawn = prepareForest(input)
      .growTree(0)
      .value.flat()
      .filter((_, i) => i % 2 === 1);
    expect(drawn.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(10);
    expect(() => prepareForest(withOptions({ bootstrap: true, maxSamples: "101" }))).toThrow(ForestOptionError);
  });

  // Numbers and two classes are grown in blocks, more classes are not: each has a search of its own.
  it.each(["numbers", "classes"])("try further columns where those drawn do not vary in the node: %s", (kind) => {
    // In each half only one of the two columns varies: trees with one column a split must still become pure.
    const input = aForestInput({
      columns: [aNumberColumn([0, 0, 1, 1, 2, 2]), aNumberColumn([0, 1, 0, 1, 0, 1], "z")],
      target:
        kind === "numbers"
          ? aRegressionTarget([0, 1, 2, 3, 4, 5])
          : aClassTarget([0, 1, 2, 3, 4, 5], ["a", "b", "c", "d", "e", "f"]),
      options: { maxFeatures: "1", nEstimators: 20 },
    });
    for (const tree of trees(prepareForest(input)))
      expect(tree.value.map(Number).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("data that a forest cannot take", () => {
  const wrong: Record<string, { input: ForestInput; says: string }> = {
    "no row": { input: aForestInput({ rows: new Uint32Array(0) }), says: "there is no row to train on" },
    "no column": {
      input: aForestInput({ columns: [], rows: Uint32Array.of(0), target: aRegressionTarget([1]) }),
      says: "there is no column to learn from",
    },
    "an infinite number": {
      input: aForestInput({ columns: [aNumberColumn([1, Infinity])] }),
      says: "column x holds an infinite number",
    },
    "255 categories": {
      input: aForestInput({
        columns: [
          aCategoryColumn(
            [0],
            Array.from({ length: 255 }, (_, i) => `${i}`),
          ),
        ],
      }),
      says: "column c has more than 254 categories",
    },
    "a missing target": {
      input: aForestInput({ target: aRegressionTarget([1, 2, 3, NaN]) }),
      says: "a target is missing",
    },
  };
  it.each(Object.entries(wrong))("is refused: %s", (_, { input, says }) => {
    expect(() => prepareForest(input)).toThrow(says);
  });
});
