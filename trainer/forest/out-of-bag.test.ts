import { describe, expect, it } from "vitest";
import { aClassTarget, aForestInput, friedman } from "../../test/builders/forest.ts";
import { writeLine } from "../../model/write.ts";
import type { TreeLine } from "../../model/format.ts";
import { bootstrapDraw } from "./bootstrap.ts";
import { type ForestInput, prepareForest } from "./forest.ts";

const bootstrapped = (overrides: Partial<ForestInput> = {}): ForestInput =>
  aForestInput({ ...friedman({ rows: 400 }), ...overrides, options: { nEstimators: 40, bootstrap: true } });
const medianSplit = ({ target }: ForestInput): number[] => {
  if (target.problemType === "classification") return [];
  const median = target.values.toSorted()[target.values.length / 2]!;
  return Array.from(target.values, (y) => (y < median ? 0 : 1));
};

describe("the out-of-bag score", () => {
  it("is the same in any order of trees, and for trees read back from their lines", () => {
    const input = bootstrapped();
    const forest = prepareForest(input);
    const lines = Array.from({ length: 40 }, (_, i) => forest.growTree(i));
    for (const line of lines) forest.addOutOfBag(line);
    const resumed = prepareForest(input);
    for (const line of lines.toReversed()) resumed.addOutOfBag(JSON.parse(writeLine(line)) as TreeLine);
    expect(resumed.outOfBag()).toEqual(forest.outOfBag());
    expect(resumed.outOfBagPredictions()).toEqual(forest.outOfBagPredictions());
  });

  it("judges a row by the trees that did not see it, and by no other", () => {
    const input = bootstrapped();
    const forest = prepareForest(input);
    forest.addOutOfBag(forest.growTree(0));
    const weights = bootstrapDraw({ seed: 0, rows: 400, draws: 400 })(0);
    const predictions = forest.outOfBagPredictions();
    weights.forEach((weight, row) => expect(Number.isNaN(predictions[row]!)).toBe(weight > 0));
    expect(forest.outOfBag()).toMatchObject({
      metric: "r2",
      trees: 1,
      rows: weights.filter((weight) => weight === 0).length,
    });
  });

  it("is good where the target follows from the columns", () => {
    for (const [target, atLeast] of [
      [undefined, 0.75],
      [aClassTarget(medianSplit(bootstrapped())), 0.8],
    ] as const) {
      const forest = prepareForest(bootstrapped(target === undefined ? {} : { target }));
      for (let tree = 0; tree < 40; tree++) forest.addOutOfBag(forest.growTree(tree));
      expect(forest.outOfBag()!.score).toBeGreaterThan(atLeast);
      expect(forest.outOfBag()!.rows).toBe(400);
    }
  });

  it("is no better than guessing where the target is noise: no tree votes on a row that it has seen", () => {
    const target = aClassTarget(Array.from({ length: 400 }, (_, i) => ((i * 7919) % 13) % 2));
    const forest = prepareForest(bootstrapped({ target }));
    for (let tree = 0; tree < 40; tree++) forest.addOutOfBag(forest.growTree(tree));
    expect(forest.outOfBag()!.score).toBeLessThan(0.65);
  });

  it("is undefined without bootstrap, without trees, and for R2 of a constant target", () => {
    const without = prepareForest(aForestInput());
    without.addOutOfBag(without.growTree(0));
    expect(without.outOfBag()).toBeUndefined();
    expect(prepareForest(bootstrapped()).outOfBag()).toBeUndefined();
    const constant = prepareForest(
      bootstrapped({ target: { problemType: "regression", values: new Float64Array(400).fill(3) } }),
    );
    constant.addOutOfBag(constant.growTree(0));
    expect(constant.outOfBag()).toBeUndefined();
    expect(constant.outOfBagPredictions()).toContain(3);
  });

  it("has probabilities of classes: the mean shares of the trees that vote, NaN where none does", () => {
    const target = aClassTarget(medianSplit(bootstrapped()));
    const forest = prepareForest(bootstrapped({ target }));
    forest.addOutOfBag(forest.growTree(0));
    expect(forest.outOfBagProbabilities()!.length).toBe(800);
    for (let tree = 1; tree < 12; tree++) forest.addOutOfBag(forest.growTree(tree));
    const probabilities = forest.outOfBagProbabilities()!;
    const seen = forest.outOfBagPredictions();
    seen.forEach((label, row) => {
      const [no, yes] = [probabilities[2 * row]!, probabilities[2 * row + 1]!];
      if (Number.isNaN(label)) return expect([no, yes]).toEqual([NaN, NaN]);
      expect(no + yes).toBeCloseTo(1, 12);
      return expect(no === yes || (yes > no ? 1 : 0) === label).toBe(true);
    });
    expect(prepareForest(bootstrapped()).outOfBagProbabilities()).toBeUndefined();
  });

  it("counts with weights, extra trees and any criterion: a row that weighs nothing is voted on, too", () => {
    const weights = new Float64Array(400).fill(1).fill(0, 0, 50);
    const target = aClassTarget(medianSplit(bootstrapped()));
    const input = aForestInput({
      ...bootstrapped({ target, weights }),
      options: { nEstimators: 40, bootstrap: true, splitter: "random", criterion: "entropy", classWeight: "balanced" },
    });
    const forest = prepareForest(input);
    for (let tree = 0; tree < 40; tree++) forest.addOutOfBag(forest.growTree(tree));
    expect(forest.outOfBag()).toMatchObject({ rows: 400 });
    expect(forest.outOfBag()!.score).toBeGreaterThan(0.75);
  });
});
