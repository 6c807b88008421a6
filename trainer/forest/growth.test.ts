/** What maxLeafNodes, minImpurityDecrease and splitter do to a tree. */
import { describe, expect, it } from "vitest";
import { aClassTarget, aForestInput, aNumberColumn, aRegressionTarget, friedman } from "../../test/builders/forest.ts";
import { allRows, predictor, text, trees } from "../../test/builders/grown.ts";
import { type ForestInput, prepareForest } from "./forest.ts";

const plain = aForestInput(friedman({ rows: 300 }));
const withOptions = (options: Partial<ForestInput["options"]>, input = plain): ForestInput => ({
  ...input,
  options: { ...input.options, ...options },
});
const leaves = (input: ForestInput): number => trees(prepareForest(input))[0]!.value.length;

describe("maxLeafNodes", () => {
  it("is how many leaves a tree has, and no limit when it has fewer", () => {
    for (const maxLeafNodes of [2, 3, 10, 100]) expect(leaves(withOptions({ maxLeafNodes }))).toBe(maxLeafNodes);
    expect(text(withOptions({ maxLeafNodes: 1000 }))).toEqual(text(plain));
  });

  it("splits first what gains most", () => {
    // The left half is nearly pure, the right one is not: the second split is on the right.
    const input = aForestInput({
      columns: [aNumberColumn([1, 2, 3, 4])],
      target: aRegressionTarget([0, 1, 50, 90]),
      options: { maxLeafNodes: 3 },
    });
    expect(trees(prepareForest(input))[0]).toMatchObject({ feature: [0, -1, 0, -1, -1], value: [0.5, 50, 90] });
  });

  it("keeps the other bounds", () => {
    expect(leaves(withOptions({ maxLeafNodes: 100, maxDepth: 3 }))).toBe(8);
    expect(leaves(withOptions({ maxLeafNodes: 100, minSamplesLeaf: 150 }))).toBe(2);
  });
});

describe("minImpurityDecrease", () => {
  // Of 8 rows, half are 0 and half are 4 (variance 4); the right half then parts into 3 and 5 (variance 1, of half the rows).
  const steps = aForestInput({
    columns: [aNumberColumn([1, 1, 1, 1, 2, 2, 3, 3])],
    target: aRegressionTarget([0, 0, 0, 0, 3, 3, 5, 5]),
  });

  it("is weighted by the rows of the node, and a decrease as large as it is enough", () => {
    expect(leaves(withOptions({ minImpurityDecrease: "0.5" }, steps))).toBe(3);
    expect(leaves(withOptions({ minImpurityDecrease: "0.500001" }, steps))).toBe(2);
    expect(leaves(withOptions({ minImpurityDecrease: "4" }, steps))).toBe(2);
    expect(leaves(withOptions({ minImpurityDecrease: "4.000001" }, steps))).toBe(1);
  });

  it("has the unit of the criterion", () => {
    const classes = aForestInput({ columns: [aNumberColumn([1, 2])], target: aClassTarget([0, 1]) });
    for (const [criterion, impurity] of [
      ["gini", 0.5],
      ["entropy", 1],
    ] as const) {
      expect(leaves(withOptions({ criterion, minImpurityDecrease: `${impurity}` }, classes))).toBe(2);
      expect(leaves(withOptions({ criterion, minImpurityDecrease: `${impurity * 1.001}` }, classes))).toBe(1);
    }
    const three = aForestInput({
      columns: [aNumberColumn([1, 2, 3])],
      target: aClassTarget([0, 1, 2], ["a", "b", "c"]),
    });
    // gini falls from 2/3 to 1/2 on two of three rows: by 1/3.
    expect(leaves(withOptions({ minImpurityDecrease: "0.3333" }, three))).toBe(3);
    expect(leaves(withOptions({ minImpurityDecrease: "0.3334" }, three))).toBe(1);
  });

  it("is not changed by the unit of weights", () => {
    const weighted = { ...steps, weights: new Float64Array(8).fill(2.5) };
    expect(leaves(withOptions({ minImpurityDecrease: "0.5" }, weighted))).toBe(3);
    expect(leaves(withOptions({ minImpurityDecrease: "0.500001" }, weighted))).toBe(2);
  });
});

describe("splitter: random", () => {
  const random = withOptions({ splitter: "random", nEstimators: 30 });

  it("draws thresholds, so trees differ without a draw of rows; they are pure all the same", async () => {
    const [first, second] = trees(prepareForest(random));
    expect(first!.bin).not.toEqual(second!.bin);
    const target = plain.target as { values: Float64Array };
    (await predictor(random)).predict(allRows(random)).forEach((prediction, row) => {
      expect("value" in prediction && prediction.value).toBeCloseTo(target.values[row]!, 9);
    });
  });

  it("draws uniformly between the node's least and greatest value", () => {
    // Values 0, 1 and 10: nine of ten thresholds lie between 1 and 10.
    const input = aForestInput({
      columns: [aNumberColumn([0, 1, 10])],
      target: aRegressionTarget([1, 2, 3]),
      options: { splitter: "random", nEstimators: 1000, maxDepth: 1 },
    });
    const atTheFirst = trees(prepareForest(input)).filter(({ bin }) => bin![0] === 0).length;
    // 100 expected; 5 standard deviations are 47.
    expect(Math.abs(atTheFirst - 100)).toBeLessThan(47);
  });

  it("sends missing values to the side that helps most, and parts them from a single known value", () => {
    const input = aForestInput({
      columns: [aNumberColumn([1, 1, 9, 9, NaN, NaN])],
      target: aRegressionTarget([0, 0, 5, 5, 0, 0]),
      options: { splitter: "random", maxDepth: 1 },
    });
    expect(trees(prepareForest(input))[0]).toMatchObject({ missingLeft: [0], value: [0, 5] });
    const known = aForestInput({
      columns: [aNumberColumn([1, 1, NaN])],
      target: aRegressionTarget([0, 0, 5]),
      options: { splitter: "random" },
    });
    expect(trees(prepareForest(known))[0]!.value).toEqual([0, 5]);
  });

  it("keeps minSamplesLeaf, maxLeafNodes and the other criteria", () => {
    expect(leaves(withOptions({ maxLeafNodes: 7 }, random))).toBe(7);
    const counts = { ...random, target: aRegressionTarget(Array.from({ length: 300 }, (_, i) => i % 7)) };
    expect(leaves(withOptions({ criterion: "poisson", minSamplesLeaf: 30 }, counts))).toBeLessThanOrEqual(10);
  });
});

describe("poisson", () => {
  it("never predicts 0 where something may happen: no side of a split is without events", () => {
    const input = aForestInput({
      columns: [aNumberColumn([1, 2, 3, 4])],
      target: aRegressionTarget([0, 0, 0, 8]),
      options: { criterion: "poisson" },
    });
    expect(trees(prepareForest(input))[0]).toMatchObject({ feature: [-1], value: [2] });
  });
});
