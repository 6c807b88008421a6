/** What trees, ensembles and the selectors that go by them say of rows that they cannot fit, or can hardly. */
import { describe, expect, it } from "vitest";
import { aFitInput, answersOf, classTarget, numberTarget, parametersOf } from "../../../test/builders/operators.ts";
import { OperatorError } from "../operator.ts";
import { operators } from "../table.ts";

const x = [
  [0, 5],
  [1, 5],
  [2, 5],
  [3, 5],
];
const predictors = ["decisionTree", "randomForest", "extraTrees", "gradientBoosting", "adaBoost"] as const;

describe.each(predictors)("%s", (name) => {
  it("refuses a target whose numbers are too far apart to be told apart", () => {
    const input = aFitInput(x, numberTarget([-1.7e308, 0, 0, 1.7e308]));
    expect(() => operators[name].fit(input, parametersOf(name))).toThrow(OperatorError);
  });

  it("says a constant target, to the last digit, and the only class", () => {
    // More is lost only where a hundred numbers are added up.
    for (const [said] of answersOf(name, aFitInput(x, numberTarget([0.1, 0.1, 0.1, 0.1]))))
      expect(said).toBeCloseTo(0.1, 14);
    expect(answersOf(name, aFitInput(x, classTarget([1, 1, 1, 1], 3)))).toEqual(x.map(() => [0, 1, 0]));
  });

  it("tells apart numbers of any size", () => {
    const tell = (size: number): number[] =>
      answersOf(name, aFitInput(x, numberTarget(x.map((_, row) => (row < 2 ? 0 : size)))), {
        parameters: name === "gradientBoosting" ? { maxFeatures: 1, subsample: 1 } : {},
      }).map(([said]) => said! / size);
    const [one, ...others] = [1, 1e-200, 1e200].map(tell);
    for (const other of others) other.forEach((said, row) => expect(said).toBeCloseTo(one![row]!, 6));
  });

  it("says how much memory it takes, more for more rows", () => {
    const bytes = (rows: number): number =>
      operators[name].bytes!({ rows, columns: 2, classes: undefined }, parametersOf(name));
    expect(bytes(1000)).toBeGreaterThan(1000 * 2 * 16);
    expect(bytes(100_000)).toBeGreaterThan(bytes(1000));
  });
});

describe("selectors", () => {
  const informative = aFitInput(x, numberTarget([0, 0, 1, 1]));

  it("keep columns with an importance of at least the threshold, or say how much the greatest has", () => {
    const select = (threshold: number, input = informative): object =>
      operators.selectFromModel.fit(input, parametersOf("selectFromModel", { threshold }));
    expect(select(0.6)).toEqual({ kept: [0] });
    expect(select(0)).toEqual({ kept: [0, 1] });
    expect(() => select(0.3, aFitInput(x))).toThrow(
      new OperatorError("no column has an importance of at least 0.3, the greatest is 0.000"),
    );
  });

  it("eliminate columns until half are left, at least one, of equally important ones the first", () => {
    const eliminate = (input = informative): object => operators.rfe.fit(input, parametersOf("rfe"));
    expect(eliminate()).toEqual({ kept: [0] });
    expect(eliminate(aFitInput([[1], [2]]))).toEqual({ kept: [0] });
    expect(eliminate(aFitInput(x.map(() => [1, 2, 3, 4, 5])))).toEqual({ kept: [0, 1] });
  });
});
