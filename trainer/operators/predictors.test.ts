/** Classifiers and neighbours, where they decide; how they agree with scikit-learn is in golden.test.ts. */
import { describe, expect, it } from "vitest";
import { aFitInput, answersOf, classTarget, numberTarget } from "../../test/builders/operators.ts";
import { random } from "../../traintask/random.ts";
import { minimize } from "./l-bfgs.ts";
import { operators } from "./table.ts";

describe("logisticRegression", () => {
  const draw = random(4);
  const x = Array.from({ length: 40 }, () => [draw.uniform() * 3, draw.uniform() * 200]);
  const codes = x.map(([a, b]) => (a! > 1.5 ? 2 : 0) + (b! > 150 ? 1 : 0));

  it("ends where neither a coefficient nor an intercept can change for the better", () => {
    const C = 5;
    const { coefficients, intercepts } = operators.logisticRegression.fit(aFitInput(x, classTarget(codes)), { C }) as {
      coefficients: number[][];
      intercepts: number[];
    };
    const shares = x.map((row) => {
      const raw = coefficients.map((weights, k) =>
        Math.exp(weights.reduce((sum, w, c) => sum + w * row[c]!, intercepts[k]!)),
      );
      const total = raw.reduce((a, b) => a + b);
      return raw.map((value) => value / total);
    });
    for (let k = 0; k < 4; k++) {
      const off = x.map((_, row) => shares[row]![k]! - (codes[row] === k ? 1 : 0));
      expect(off.reduce((a, b) => a + b)).toBeCloseTo(0, 5);
      for (let c = 0; c < 2; c++)
        expect(off.reduce((sum, value, row) => sum + value * x[row]![c]!, coefficients[k]![c]! / C)).toBeCloseTo(0, 4);
    }
  });
  it("holds the coefficients back the more, the smaller C is", () => {
    const size = (C: number): number =>
      Math.abs(
        (
          operators.logisticRegression.fit(aFitInput(x, classTarget(codes.map((code) => code >> 1))), { C }) as {
            coefficients: number[][];
          }
        ).coefficients[0]![0]!,
      );
    expect(size(1e-4)).toBeLessThan(size(0.1));
    expect(size(0.1)).toBeLessThan(size(25));
  });
  it("knows only the classes that it has seen", () => {
    const seen = codes.map((code) => (code >> 1) * 2);
    const answers = answersOf("logisticRegression", aFitInput(x, classTarget(seen, 4)));
    for (const row of answers) expect([row.length, row[1], row[3]]).toEqual([4, 0, 0]);
  });
  it("needs two classes", () => {
    const one = aFitInput(
      x,
      classTarget(
        codes.map(() => 1),
        3,
      ),
    );
    expect(() => operators.logisticRegression.fit(one, { C: 1 })).toThrow("all rows are of one class");
  });
});

describe("the search for the least value", () => {
  it("finds it in a long bent valley", () => {
    // Convex, with second derivatives from 1 to 10,000.
    const point = Float64Array.of(3, -2);
    const value = (p: Float64Array, gradient: Float64Array): number => {
      const [a, b] = [p[0]! - 1, p[1]! + p[0]!];
      gradient[0] = a + 1e4 * b + 4 * a ** 3;
      gradient[1] = 1e4 * b;
      return 0.5 * a * a + 0.5e4 * b * b + a ** 4;
    };
    minimize(value, point, { tolerance: 1e-9, maxIterations: 200, inverseAt: () => () => undefined });
    expect(point[0]).toBeCloseTo(1, 6);
    expect(point[1]).toBeCloseTo(-1, 6);
  });
});

describe("predictors that keep or count rows", () => {
  it("kNeighbors asks for no more neighbours than there are rows", () => {
    const three = aFitInput([[1], [2], [3]], numberTarget([1, 2, 3]));
    const asked = (nNeighbors: number) => ({ nNeighbors, weights: "uniform", p: 2 });
    expect(() => operators.kNeighbors.fit(three, asked(4))).toThrow("there are 3 rows, fewer than the 4 neighbours");
    expect(answersOf("kNeighbors", three, { rows: [[9]], parameters: asked(3) })).toEqual([[expect.closeTo(2, 12)]]);
  });
  it("gaussianNb lets a column that is constant within a class be no proof", () => {
    const x = [
      [0, 5],
      [0, 6],
      [1, 5.5],
      [1, 6.5],
      [0.5, 7],
    ];
    const answers = answersOf("gaussianNb", aFitInput(x, classTarget([0, 0, 1, 1, 1])), { rows: [[0.5, 5.1]] });
    expect(answers[0]![0]! + answers[0]![1]!).toBeCloseTo(1, 9);
    const all = aFitInput([[3], [3], [3]], classTarget([0, 1, 0]));
    expect(() => operators.gaussianNb.fit(all, {})).toThrow("all columns are constant");
  });
  it("gaussianNb counts classes as likely as they are frequent", () => {
    const same = aFitInput([[0], [1], [0], [1], [0], [1]], classTarget([0, 0, 0, 0, 2, 2], 4));
    const [row] = answersOf("gaussianNb", same, { rows: [[0.5]] });
    [2 / 3, 0, 1 / 3, 0].forEach((share, k) => expect(row![k]).toBeCloseTo(share, 9));
  });
});
