/** Scalers, where they decide; their numbers are in golden.test.ts. */
import { describe, expect, it } from "vitest";
import { aFitInput, answersOf } from "../../test/builders/operators.ts";

const column = (...values: number[]): number[][] => values.map((value) => [value]);
const scalers = ["standardScaler", "minMaxScaler", "robustScaler"] as const;

describe.each(scalers)("%s", (name) => {
  it("only moves a constant column, also where its mean is rounded", () => {
    const constant = aFitInput(column(...Array.from({ length: 30 }, () => 0.1)));
    const answers = answersOf(name, constant, { rows: [[0.1], [1.1]] });
    expect(answers[0]![0]).toBeCloseTo(0, 12);
    expect(answers[1]![0]).toBeCloseTo(1, 12);
  });
  it("scales a column that varies far from 0", () => {
    const far = answersOf(name, aFitInput(column(1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3)));
    const near = answersOf(name, aFitInput(column(0, 1, 2, 3)));
    far.forEach(([value], row) => expect(value).toBeCloseTo(near[row]![0]!, 9));
  });
});

describe("maxAbsScaler", () => {
  it("leaves zeros where they are, and a column of zeros alone", () => {
    const input = aFitInput([
      [0, 0],
      [-4, 0],
      [2, 0],
    ]);
    expect(answersOf("maxAbsScaler", input)).toEqual([
      [0, 0],
      [-1, 0],
      [0.5, 0],
    ]);
  });
});

describe("robustScaler", () => {
  it("does not mind how far off a few values are", () => {
    const some = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const near = answersOf("robustScaler", aFitInput(column(...some, 10)), { rows: [[5]] });
    const far = answersOf("robustScaler", aFitInput(column(...some, 1e9)), { rows: [[5]] });
    expect(far).toEqual(near);
  });
});
