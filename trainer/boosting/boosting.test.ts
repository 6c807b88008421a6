import { describe, expect, it } from "vitest";
import { aBoostingInput, boostedText, grown, rawScores } from "../../test/builders/boosting.ts";
import {
  aCategoryColumn,
  aClassTarget,
  aNumberColumn,
  aRegressionTarget,
  friedman,
} from "../../test/builders/forest.ts";
import { type BoostingInput, prepareBoosting } from "./boosting.ts";

const smooth = friedman({ rows: 400, noise: 1 });
const values = smooth.target.problemType === "regression" ? smooth.target.values : new Float64Array(0);
const targets: Record<string, Partial<Parameters<typeof aBoostingInput>[0]>> = {
  "squared error": { target: smooth.target },
  "absolute error": { target: smooth.target, options: { loss: "absoluteError" } },
  "two classes": { target: aClassTarget(Array.from(values, (y) => (y > 14 ? 1 : 0))) },
  "three classes": {
    target: aClassTarget(
      Array.from(values, (y) => (y > 18 ? 2 : y > 12 ? 1 : 0)),
      ["a", "b", "c"],
    ),
  },
};

/** Twelve iterations of small trees on Friedman's data. */
function inputOf(
  name: string,
  options: NonNullable<Parameters<typeof aBoostingInput>[0]>["options"] = {},
): BoostingInput {
  const { target, options: own } = targets[name]!;
  return aBoostingInput({
    columns: smooth.columns,
    ...(target && { target }),
    options: { maxIter: 12, maxLeafNodes: 8, ...own, ...options },
  });
}

describe.each(Object.keys(targets))("boosting %s", (name) => {
  it("makes the training loss smaller with each iteration", () => {
    const lines = grown(prepareBoosting(inputOf(name)));
    expect(lines).toHaveLength(12);
    lines.slice(1).forEach((line, i) => expect(line.loss.train).toBeLessThan(lines[i]!.loss.train));
  });

  it("goes on with the same bytes after any iteration", () => {
    const earlyStopping = { validationFraction: "0.2" };
    const whole = boostedText(inputOf(name, { earlyStopping }));
    for (const done of [0, 1, 5, 11, 12]) {
      const boosting = prepareBoosting(inputOf(name, { earlyStopping }));
      for (const line of whole.slice(0, done)) boosting.replay(JSON.parse(line));
      expect(boosting.iterations).toBe(done);
      expect(grown(boosting).map((line) => JSON.stringify(line))).toEqual(whole.slice(done));
    }
  });
});

describe("boosting", () => {
  it("splits alike whether a row counts twice or stands there twice", () => {
    const twice = (row: number): boolean => row % 3 === 0;
    // Of at most 255 values each has its bin, so the same bins serve both.
    const input = { ...inputOf("squared error", { minSamplesLeaf: 1 }), rows: smooth.rows.slice(0, 200) };
    const weights = Float64Array.from(values, (_, row) => (twice(row) ? 2 : 1));
    const all = Array.from(input.rows).flatMap((row) => (twice(row) ? [row, row] : [row]));
    const weighted = grown(prepareBoosting({ ...input, weights }));
    const doubled = grown(prepareBoosting({ ...input, rows: Uint32Array.from(all) }));
    weighted.forEach(({ trees: [tree], loss }, i) => {
      const [other] = doubled[i]!.trees;
      expect([tree!.feature, tree!.bin]).toEqual([other!.feature, other!.bin]);
      tree!.value.forEach((value, leaf) => expect(value).toBeCloseTo(other!.value[leaf]!, 9));
      expect(loss.train).toBeCloseTo(doubled[i]!.loss.train, 9);
    });
  });

  it("takes the median that doubled rows would have for the absolute error", () => {
    const input = aBoostingInput({
      target: aRegressionTarget([1, 2, 10, 20]),
      weights: Float64Array.of(1, 1, 1, 3),
      options: { loss: "absoluteError" },
    });
    expect(prepareBoosting(input).header.gradientBoosting.baseline).toEqual([15]);
    const odd = { ...input, weights: Float64Array.of(1, 1, 1, 4) };
    expect(prepareBoosting(odd).header.gradientBoosting.baseline).toEqual([20]);
  });

  it("grows no more leaves, no deeper and no smaller leaves than asked for", () => {
    const tree = (options: Parameters<typeof inputOf>[1]): { feature: readonly number[]; value: readonly number[] } =>
      grown(prepareBoosting(inputOf("squared error", { maxIter: 1, maxLeafNodes: 31, ...options })))[0]!.trees[0]!;
    expect(tree({ maxLeafNodes: 2 }).value).toHaveLength(2);
    expect(tree({ maxLeafNodes: 9 }).value).toHaveLength(9);
    expect(tree({ maxDepth: 3 }).value).toHaveLength(8);
    expect(tree({ minSamplesLeaf: 200 }).value).toHaveLength(2);
    expect(tree({ minSamplesLeaf: 201 }).value).toHaveLength(1);
  });

  it("bins a column no finer than asked for", () => {
    const { columns } = prepareBoosting(inputOf("squared error", { maxBins: 16 })).header;
    for (const column of columns) expect(column.type === "number" && column.edges).toHaveLength(15);
  });

  it("makes leaves smaller by l2Regularization", () => {
    const leaf = (l2Regularization: string): number => {
      const input = aBoostingInput({ target: aRegressionTarget([0, 0, 1, 1]), options: { l2Regularization } });
      return grown(prepareBoosting(input))[0]!.trees[0]!.value.at(-1)!;
    };
    expect(leaf("0")).toBeCloseTo(0.1 * 0.5, 12);
    expect(leaf("2")).toBeCloseTo((0.1 * 2 * 0.5) / (2 + 2), 12);
  });

  it("tells missing values apart where they mean something", () => {
    const input = aBoostingInput({
      columns: [aNumberColumn([1, NaN, 2, NaN, 3, 1])],
      target: aRegressionTarget([0, 5, 0, 5, 0, 0]),
      options: { maxIter: 40 },
    });
    const [scores] = rawScores(input, grown(prepareBoosting(input)), [0, 1]);
    expect(scores![0]).toBeCloseTo(0, 1);
    expect(scores![1]).toBeCloseTo(5, 1);
  });

  it("learns from categories by the order of their codes", () => {
    const input = aBoostingInput({
      columns: [aCategoryColumn([0, 1, 2, -1, 0, 1, 2, -1], ["a", "b", "c"])],
      target: aRegressionTarget([1, 1, 9, 4, 1, 1, 9, 4]),
      options: { maxIter: 60 },
    });
    const [scores] = rawScores(input, grown(prepareBoosting(input)), [0, 1, 2, 3]);
    [1, 1, 9, 4].forEach((y, row) => expect(scores![row]).toBeCloseTo(y, 1));
  });
});

const thin: Record<string, BoostingInput> = {
  "a constant target": aBoostingInput({ target: aRegressionTarget([0.1, 0.1, 0.1, 0.1]) }),
  "a constant target, absolute error": aBoostingInput({
    target: aRegressionTarget([7, 7, 7, 7]),
    options: { loss: "absoluteError" },
  }),
  "one of two classes": aBoostingInput({ target: aClassTarget([1, 1, 1, 1]) }),
  "the other of two classes": aBoostingInput({ target: aClassTarget([0, 0, 0, 0]) }),
  "a single class": aBoostingInput({ target: aClassTarget([0, 0, 0, 0], ["only"]) }),
  "one of three classes": aBoostingInput({ target: aClassTarget([2, 2, 2, 2], ["a", "b", "c"]) }),
  "a single row": aBoostingInput({ columns: [aNumberColumn([3])], target: aRegressionTarget([5]) }),
  "a column of missing values": aBoostingInput({
    columns: [aNumberColumn([NaN, NaN, NaN, NaN])],
    target: aRegressionTarget([1, 2, 3, 4]),
  }),
  "columns of a single value": aBoostingInput({
    columns: [aNumberColumn([1, 1, 1, 1]), aNumberColumn([2, 2, 2, 2], "z")],
    target: aClassTarget([0, 1, 1, 0]),
  }),
  "tiny targets": aBoostingInput({ target: aRegressionTarget([1e-300, 3e-300, 0, -1e-300]) }),
  "large targets": aBoostingInput({ target: aRegressionTarget([1e150, -1e150, 0, 1e149]) }),
  "tiny weights": aBoostingInput({ weights: Float64Array.of(1e-300, 1e-300, 1e-300, 1e-300) }),
};

describe("with nothing to learn, or next to nothing, boosting ends well:", () => {
  it.each(Object.entries(thin))("%s", (_, input) => {
    const lines = grown(prepareBoosting(input));
    expect(lines).toHaveLength(3);
    const numbers = lines.flatMap((line) => [line.loss.train, ...line.trees.flatMap(({ value }) => value)]);
    expect(numbers.every((x) => Number.isFinite(x))).toBe(true);
    const scores = rawScores(input, lines, Array.from(input.rows)).flat();
    expect(scores.every((x) => Number.isFinite(x))).toBe(true);
  });

  it("a constant target is predicted as it is, by trees of one leaf", () => {
    for (const y of [0.1, 1 / 3, 7]) {
      const input = aBoostingInput({ target: aRegressionTarget([y, y, y, y]) });
      const lines = grown(prepareBoosting(input));
      expect(lines.map(({ trees }) => trees[0]!.value)).toEqual([[0], [0], [0]]);
      expect(rawScores(input, lines, [0])).toEqual([[y]]);
    }
  });
});
