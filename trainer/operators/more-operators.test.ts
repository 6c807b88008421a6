/** What operators decide where scikit-learn's numbers do not show it, and what can be known of their results without it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aFitInput,
  aMatrix,
  answersOf,
  classTarget,
  numberTarget,
  parametersOf,
} from "../../test/builders/operators.ts";
import { kernels } from "../../model/steps/kernels.ts";
import { random } from "../../traintask/random.ts";
import { normals } from "./normal.ts";
import { nystroemOf } from "./nystroem.ts";
import { train } from "./perceptron-training.ts";
import { classLosses, numberLosses } from "./sgd-losses.ts";
import { shuffler } from "./shuffle.ts";
import { operators } from "./table.ts";

const drawn = random(3);
const cloud = Array.from({ length: 40 }, () => Array.from({ length: 3 }, () => drawn.uniform() * 2 - 1));
describe("losses", () => {
  const points = fc.double({ min: -4, max: 4, noNaN: true });
  const h = 1e-6;
  it.each(Object.entries({ ...classLosses, ...numberLosses }))("the slope of %s is its cost's", (name, loss) => {
    const y = name in classLosses ? fc.constantFrom(1, -1) : points;
    fc.assert(
      fc.property(points, y, (output, wanted) => {
        const [before, after] = [loss.cost(output - h, wanted), loss.cost(output + h, wanted)];
        const [low, high] = [output - h, output + h].map((at) => loss.slope(at, wanted)).toSorted((a, b) => a - b);
        // At a kink the secant lies between the slopes on either side.
        expect((after - before) / (2 * h)).toBeGreaterThan(low! - 1e-4);
        expect((after - before) / (2 * h)).toBeLessThan(high! + 1e-4);
      }),
    );
  });
  it("of odds that are huge is finite", () => {
    expect(classLosses.log_loss.cost(-1e4, 1)).toBe(1e4);
    expect(classLosses.log_loss.cost(1e4, 1)).toBe(0);
    expect(classLosses.log_loss.slope(1e4, -1)).toBe(1);
  });
});

describe("mlp", () => {
  it("learns what no line tells apart", () => {
    const rows = Array.from({ length: 80 }, (_, i) =>
      [i % 2, (i >> 1) % 2].map((bit, c) => bit + 0.1 * Math.sin(7 * i + c)),
    );
    const codes = rows.map((_, i) => (i % 2) ^ ((i >> 1) % 2));
    const input = { x: aMatrix(rows), target: classTarget(codes), seed: 2 };
    const right = answersOf("mlp", input, { parameters: { learningRateInit: 0.01 } }).filter(
      ([, second], row) => second! > 0.5 === (codes[row] === 1),
    );
    expect(right).toHaveLength(80);
  });
  it("takes rows in another order before each epoch, and ends when the loss stays as it is", () => {
    const orders = new Set<string>();
    const shuffle = shuffler(1);
    const y = aMatrix(cloud.map(() => [0]));
    const training = {
      x: aMatrix(cloud),
      y,
      kind: "number" as const,
      hidden: 2,
      alpha: 0,
      learningRate: 0.01,
      epochs: 50,
    };
    // Without weights the output is 0 from the start: 10 epochs of patience, the first, and one more.
    train({ ...training, shuffle: (order) => (shuffle(order), void orders.add(order.join())) }, new Float64Array(11));
    expect(orders.size).toBe(12);
  });
  it("is refused where training leaves the range of numbers", () => {
    const input = { ...aFitInput([[1e308], [-1e308], [1e307]]), target: numberTarget([1e308, 0, 1]) };
    expect(() => operators.mlp.fit(input, parametersOf("mlp"))).toThrow("a weight of the perceptron is not finite");
  });
});

describe("fastIca", () => {
  const mixed = Array.from({ length: 200 }, (_, i) => {
    const [saw, wave] = [((i * 7) % 20) / 10 - 1, Math.sign(Math.sin(i / 9))];
    return [saw + 0.5 * wave, 0.4 * saw - wave, 3];
  });
  const found = answersOf("fastIca", aFitInput(mixed));
  const correlation = (a: number[], b: number[]): number => {
    const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    const covariance = (p: number[], q: number[]) => mean(p.map((value, i) => (value - mean(p)) * (q[i]! - mean(q))));
    return covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));
  };
  const column = (c: number): number[] => found.map((row) => row[c]!);

  it("has a component for each direction in which the rows vary", () => {
    expect(found[0]).toHaveLength(2);
  });
  it("finds what was mixed, with variance 1 and mean 0", () => {
    const saw = mixed.map((_, i) => ((i * 7) % 20) / 10 - 1);
    const best = Math.max(...[0, 1].map((c) => Math.abs(correlation(column(c), saw))));
    expect(best).toBeGreaterThan(0.99);
    expect(Math.abs(correlation(column(0), column(1)))).toBeLessThan(1e-9);
    for (const c of [0, 1]) {
      expect(column(c).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
      expect(column(c).reduce((sum, value) => sum + value * value, 0) / 200).toBeCloseTo(1, 9);
    }
  });
});

describe("kernels", () => {
  it("are kept as they are between the rows that Nystroem compares with", () => {
    const rows = cloud.slice(0, 4);
    const fitted = nystroemOf(aMatrix(rows), { kernel: "rbf", gamma: 0.5, basis: Int32Array.of(0, 1, 2, 3) });
    const likeness = rows.map((row) =>
      rows.map((other) =>
        kernels["rbf"]!({ values: Float64Array.from(row), from: 0, other: Float64Array.from(other) }, 0.5),
      ),
    );
    const mapped = likeness.map((row) =>
      fitted.rotation.map((weights) => weights.reduce((sum, w, i) => sum + w * row[i]!, 0)),
    );
    mapped.forEach((a, i) =>
      mapped.forEach((b, j) => expect(a.reduce((sum, v, k) => sum + v * b[k]!, 0)).toBeCloseTo(likeness[i]![j]!, 9)),
    );
  });
  it("that are negative have columns that are finite, and directions without weight none", () => {
    const input = aFitInput([
      [1, 2],
      [2, 4],
      [3, 6],
      [0, 0],
    ]);
    for (const kernel of ["additive_chi2", "linear", "polynomial"])
      expect(Math.max(...answersOf("nystroem", input, { parameters: { kernel } }).flat().map(Math.abs))).toBeLessThan(
        1e3,
      );
  });
  it("of huge numbers are taken apart like others", () => {
    const [first, second] = [1, 1e100].map((size) => {
      const rows = [
        [0, size],
        [0, size],
        [size, 0],
        [0, -size],
      ];
      return answersOf("nystroem", aFitInput(rows), { parameters: { kernel: "linear" } })
        .flat()
        .map((value) => value / size);
    });
    first!.forEach((value, at) => expect(second![at]).toBeCloseTo(value, 9));
  });
  it("of numbers with hardly a digit are taken apart too", () => {
    const input = aFitInput([[0.1], [1], [-5e-324]]);
    const found = answersOf("nystroem", input, { parameters: { kernel: "cosine" } }).flat();
    expect(found.every(Number.isFinite)).toBe(true);
    expect(() => answersOf("fastIca", aFitInput([[0], [5e-324]]))).toThrow("needs a column that varies");
  });
  it("are about the products of the sampler's hundred columns", () => {
    const [a, b] = answersOf(
      "rbfSampler",
      aFitInput([
        [0.2, 0.4],
        [0.5, 0.1],
      ]),
      { parameters: { gamma: 1 } },
    );
    expect(a!.reduce((sum, value, k) => sum + value * b![k]!, 0)).toBeCloseTo(Math.exp(-0.18), 0.5);
    expect(a).toHaveLength(100);
  });
});

describe("numbers drawn from the normal distribution", () => {
  it("have its mean, variance and tails", () => {
    const sample = normals(20_000, random(9));
    const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
    const variance = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sample.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    expect(sample.filter((value) => Math.abs(value) > 1.96).length / sample.length).toBeCloseTo(0.05, 2);
    expect(sample.every(Number.isFinite)).toBe(true);
  });
});

describe("featureAgglomeration", () => {
  it("puts columns together that are alike", () => {
    const rows = cloud.map(([a, b]) => [a!, 9 * b!, a! + 0.01, a! - 0.01]);
    for (const linkage of ["ward", "complete", "average"])
      expect(operators.featureAgglomeration.fit(aFitInput(rows), { linkage })).toEqual({ groups: [0, 1, 0, 0] });
  });
  it("merges the lowest of columns that are equally far, and puts the last group first", () => {
    const rows = [[0, 1, 2, 3]];
    expect(operators.featureAgglomeration.fit(aFitInput(rows), { linkage: "complete" })).toEqual({
      groups: [1, 1, 0, 0],
    });
  });
});
