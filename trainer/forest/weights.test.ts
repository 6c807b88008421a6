import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aClassTarget, aForestInput, aNumberColumn, aRegressionTarget, friedman } from "../../test/builders/forest.ts";
import { text, trees } from "../../test/builders/grown.ts";
import { type ForestInput, prepareForest } from "./forest.ts";
import { balancedFactors, integerWeights } from "./weights.ts";

const weights = (...values: number[]): Float64Array => Float64Array.from(values);
const lines = (input: ForestInput): string[] => text(input).map((line) => line.replace(/"value".*/, ""));

describe("weights as integers", () => {
  it("are decimal weights times a power of ten", () => {
    expect(integerWeights(weights(0.5, 1, 0, 2.25), 1e6)).toEqual(weights(50, 100, 0, 225));
    expect(integerWeights(weights(3, 1), 3)).toEqual(weights(3, 1));
  });

  it("else keep their proportions on a grid, never pass the largest, and stay above 0", () => {
    const positive = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), fc.integer({ min: 1, max: 2 ** 31 }), (values, largest) => {
        const integers = integerWeights(weights(...values), largest);
        const [most, heaviest] = [Math.max(...integers), Math.max(...values)];
        integers.forEach((integer, i) => {
          expect(Number.isInteger(integer) && integer >= 1 && integer <= largest).toBe(true);
          expect(Math.abs(integer / most - values[i]! / heaviest)).toBeLessThanOrEqual(2 / most);
        });
      }),
    );
    const thirds = integerWeights(weights(1 / 3, 2 / 3, 1), 2 ** 30);
    expect(thirds[2]! / thirds[0]!).toBeCloseTo(3, 8);
  });
});

describe("the weights of rows", () => {
  const plain = aForestInput({ ...friedman({ rows: 60 }), options: { minSamplesLeaf: 3 } });

  it("of 1 each, or of any other same number, change no byte of the splits", () => {
    expect(text({ ...plain, weights: new Float64Array(60).fill(1) })).toEqual(text(plain));
    expect(lines({ ...plain, weights: new Float64Array(60).fill(0.7) })).toEqual(lines(plain));
  });

  it("of 0 leave a row out", () => {
    const kept = Uint32Array.from({ length: 40 }, (_, i) => i);
    const without = { ...plain, rows: kept };
    const weighted = { ...without, weights: new Float64Array(60).fill(1) };
    weighted.weights.fill(0, 30);
    expect(trees(prepareForest(weighted))[0]!.feature.length).toBeLessThan(
      trees(prepareForest(without))[0]!.feature.length,
    );
    const target = aRegressionTarget([1, 2, 9]);
    const input = aForestInput({ columns: [aNumberColumn([1, 2, 3])], target, weights: weights(1, 1, 0) });
    expect(trees(prepareForest(input))[0]!.value).toEqual([1, 2]);
  });

  it("pull the mean of a leaf, and the shares of its classes", () => {
    const columns = [aNumberColumn([1, 1, 1])];
    const numbers = aForestInput({ columns, target: aRegressionTarget([0, 0, 12]), weights: weights(0.5, 0.5, 2) });
    expect(trees(prepareForest(numbers))[0]!.value).toEqual([8]);
    const classes = aForestInput({ columns, target: aClassTarget([0, 1, 1]), weights: weights(3, 0.5, 0.5) });
    expect(trees(prepareForest(classes))[0]!.value).toEqual([[0, 30, 1, 10]]);
  });

  it("move with their rows: permuting both changes no byte", () => {
    const row = fc.record({
      x: fc.nat({ max: 9 }),
      y: fc.double({ min: -9, max: 9, noNaN: true }),
      w: fc.nat({ max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), fc.infiniteStream(fc.nat()), (rows, keys) => {
        fc.pre(rows.some(({ w }) => w > 0));
        const of = (table: typeof rows): string[] =>
          text(
            aForestInput({
              columns: [aNumberColumn(table.map(({ x }) => x))],
              target: aRegressionTarget(table.map(({ y }) => y)),
              weights: Float64Array.from(table, ({ w }) => w / 3),
            }),
          );
        const order = new Map(rows.map((one) => [one, keys.next().value]));
        expect(of(rows.toSorted((a, b) => order.get(a)! - order.get(b)!))).toEqual(of(rows));
      }),
    );
  });

  const wrong: Record<string, { weights: Float64Array; says: string }> = {
    "too few": { weights: weights(1, 1, 1), says: "weights: row 3 has none" },
    "a negative one": { weights: weights(1, -1, 1, 1), says: "weights: row 1 weighs -1" },
    "a missing one": { weights: weights(1, 1, NaN, 1), says: "weights: row 2 weighs NaN" },
    "an infinite one": { weights: weights(1, 1, 1, Infinity), says: "weights: row 3 weighs Infinity" },
    "nothing but zeros": { weights: weights(0, 0, 0, 0), says: "weights: every row to train on weighs 0" },
  };
  it.each(Object.entries(wrong))("are refused: %s", (_, { weights: given, says }) => {
    expect(() => prepareForest(aForestInput({ weights: given }))).toThrow(RangeError);
    expect(() => prepareForest(aForestInput({ weights: given }))).toThrow(says);
  });
});

describe("the weights of classes", () => {
  const blind = aForestInput({ columns: [aNumberColumn([1, 1, 1, 1])], target: aClassTarget([0, 1, 1, 1]) });
  const leaf = (options: Partial<ForestInput["options"]>, input = blind): unknown =>
    trees(prepareForest({ ...input, options: { ...input.options, ...options } }))[0]!.value[0];

  it("are those that are named, and 1 for the rest", () => {
    expect(leaf({ classWeights: [{ label: "no", weight: "2.5" }] })).toEqual([0, 25, 1, 30]);
    expect(leaf({ classWeights: [{ label: "no", weight: "0" }] })).toBe(1);
  });

  it("give each class the same weight in all where they are balanced", () => {
    expect(balancedFactors(weights(1, 3, 0))).toEqual(weights(2, 2 / 3, 0));
    const [, no, , yes] = leaf({ classWeight: "balanced" }) as [number, number, number, number];
    expect(no / yes).toBeCloseTo(1, 6);
  });

  it("multiply the weights of rows", () => {
    const weighted = { ...blind, weights: weights(1, 1, 1, 4) };
    expect(leaf({ classWeights: [{ label: "no", weight: "3" }] }, weighted)).toEqual([0, 3, 1, 6]);
  });

  it("balance what each tree drew where that is asked for", () => {
    const target = aClassTarget(Array.from({ length: 50 }, (_, i) => (i < 5 ? 1 : 0)));
    const input = aForestInput({
      columns: [aNumberColumn(Array.from({ length: 50 }, () => 1))],
      target,
      options: { nEstimators: 5, bootstrap: true, classWeight: "balancedSubsample" },
    });
    for (const { value } of trees(prepareForest(input))) {
      const [, no, , yes] = value[0] as [number, number, number, number];
      expect(no / yes).toBeCloseTo(1, 6);
    }
  });
});
