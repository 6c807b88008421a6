/** Selectors, where they decide; what they choose on real data is in golden.test.ts. */
import { describe, expect, it } from "vitest";
import { aFitInput, classTarget, numberTarget, parametersOf } from "../../test/builders/operators.ts";
import { quantile } from "./columns.ts";
import { fSurvival } from "./f-distribution.ts";
import { fStatistics } from "./f-statistics.ts";
import { type FitInput, OperatorError, type Parameters } from "./operator.ts";
import { operators } from "./table.ts";

type Selector = "selectFwe" | "selectPercentile" | "varianceThreshold";
const keptBy = (name: Selector, input: FitInput, given: Parameters): number[] =>
  (operators[name].fit(input, parametersOf(name, given)) as { kept: number[] }).kept;

/** Of column 0 each class has its own values, of 1 about, of 2 hardly; 3 is constant, 4 is 1 again. */
const told = aFitInput(
  Array.from({ length: 24 }, (_, row) => {
    const about = (row % 2) + (row % 5) / 8;
    return [row % 2, about, row % 7, 0.1, about];
  }),
  classTarget(Array.from({ length: 24 }, (_, row) => row % 2)),
);

describe("F statistics", () => {
  it("are infinite where a column tells all, and 0 where it is constant", () => {
    const { statistics, freedom } = fStatistics(told);
    expect(statistics[0]).toBe(Infinity);
    expect(statistics[3]).toBe(0);
    expect(freedom).toEqual({ between: 1, within: 22 });
    const line = fStatistics({ ...told, target: numberTarget(Array.from({ length: 24 }, (_, row) => 5 - (row % 2))) });
    expect(line.statistics[0]).toBeGreaterThan(1e12);
    expect(line.statistics[3]).toBe(0);
  });
  it("of two classes are those of a line through them", () => {
    const ofClasses = fStatistics(told).statistics;
    const ofLine = fStatistics({ ...told, target: numberTarget(Array.from({ length: 24 }, (_, row) => row % 2)) });
    for (const c of [1, 2]) expect(ofLine.statistics[c]! / ofClasses[c]!).toBeCloseTo(1, 9);
  });
  it("are 0 where the target is constant", () => {
    expect([...fStatistics({ ...told, target: numberTarget(Array(24).fill(3)) }).statistics]).toEqual([0, 0, 0, 0, 0]);
  });
  it.each([
    ["one class", classTarget(Array(24).fill(0))],
    ["a class for each row", classTarget(Array.from({ length: 24 }, (_, row) => row))],
  ])("do not exist for %s", (_, target) => {
    expect(() => fStatistics({ ...told, target })).toThrow(OperatorError);
  });
});

describe("the upper tail of F", () => {
  it.each([0.01, 0.5, 1, 3, 40, 900])("is what it is in closed form, at %d", (f) => {
    for (const n of [1, 2, 7, 300]) {
      // With 2 degrees of freedom above it is a power, with 1 and 1 an arc tangent.
      const power = (1 + (2 * f) / n) ** (-n / 2);
      expect(fSurvival(f, { between: 2, within: n }) / power).toBeCloseTo(1, 10);
    }
    const angle = 1 - (2 / Math.PI) * Math.atan(Math.sqrt(f));
    expect(fSurvival(f, { between: 1, within: 1 }) / angle).toBeCloseTo(1, 10);
  });
  it("is 1 at 0 and 0 at infinity", () => {
    expect(fSurvival(0, { between: 3, within: 4 })).toBe(1);
    expect(fSurvival(Infinity, { between: 3, within: 4 })).toBe(0);
  });
});

describe("selectPercentile", () => {
  it("takes the columns that tell most", () => {
    expect(keptBy("selectPercentile", told, { percentile: 20 })).toEqual([0]);
    expect(keptBy("selectPercentile", told, { percentile: 80 })).toEqual([0, 1, 2, 4]);
  });
  it("takes the first of columns that tell the same, as far as there is room", () => {
    expect(keptBy("selectPercentile", told, { percentile: 50 })).toEqual([0, 1]);
  });
  it("says so where the share is less than a column", () => {
    const two = aFitInput(
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      numberTarget([1, 2, 4]),
    );
    expect(() => keptBy("selectPercentile", two, { percentile: 5 })).toThrow("5 % of 2 columns is none");
  });
});

describe("selectFwe", () => {
  it("takes what chance does not explain, the more columns the less", () => {
    expect(keptBy("selectFwe", told, { alpha: 0.001 })).toEqual([0, 1, 4]);
    const { statistics, freedom } = fStatistics(told);
    const chance = fSurvival(statistics[1]!, freedom);
    expect(keptBy("selectFwe", told, { alpha: chance * 5.01 })).toEqual([0, 1, 4]);
    expect(keptBy("selectFwe", told, { alpha: chance * 4.99 })).toEqual([0]);
  });
  it("says so where nothing is left", () => {
    const none = { ...told, target: numberTarget(Array(24).fill(3)) };
    expect(() => keptBy("selectFwe", none, {})).toThrow("no column tells the target beyond chance (alpha 0.05)");
  });
});

describe("varianceThreshold", () => {
  it("keeps what varies more than the threshold, and says so where nothing does", () => {
    expect(keptBy("varianceThreshold", told, { threshold: 0.2 })).toEqual([0, 1, 2, 4]);
    expect(keptBy("varianceThreshold", told, { threshold: 0.25 })).toEqual([1, 2, 4]);
    expect(() => keptBy("varianceThreshold", told, { threshold: 9 })).toThrow("no column has a variance above 9");
  });
});

describe("a quantile", () => {
  it("lies between its neighbours, also infinite ones", () => {
    expect(quantile(Float64Array.of(1, 2, 4), 0.75)).toBe(3);
    expect(quantile(Float64Array.of(1, 2, 4), 1)).toBe(4);
    expect(quantile(Float64Array.of(0, Infinity, Infinity), 0.75)).toBe(Infinity);
  });
});
