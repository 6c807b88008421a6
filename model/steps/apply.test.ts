/** What steps make of rows. That they agree with scikit-learn is in trainer/operators/golden.test.ts. */
import { describe, expect, it } from "vitest";
import { aMatrix, rowsOf } from "../../test/builders/operators.ts";
import { steps } from "./table.ts";

/** Answers for rows, of a step fitted for a target with three classes or none. */
function apply(
  name: string,
  fitted: object,
  { rows, classes }: { rows: readonly (readonly number[])[]; classes?: number },
): number[][] {
  const x = aMatrix(rows);
  return rowsOf(steps[name]!.read(fitted, { columns: x.columns, classes }).apply(x));
}

describe("polynomialFeatures", () => {
  it("appends squares and products in scikit-learn's order", () => {
    expect(apply("polynomialFeatures", {}, { rows: [[2, 3, 5]] })).toEqual([[2, 3, 5, 4, 6, 10, 9, 15, 25]]);
  });
});

describe("normalizer", () => {
  it.each([
    ["l1", [3, -1], [0.75, -0.25]],
    ["l2", [3, -4], [0.6, -0.8]],
    ["max", [3, -4], [0.75, -1]],
  ])("divides a row by its %s norm", (norm, row, expected) => {
    const divided = apply("normalizer", { norm }, { rows: [row] })[0]!;
    divided.forEach((value, c) => expect(value).toBeCloseTo(expected[c]!, 12));
  });
  it("leaves a row alone whose norm is 0 or infinite", () => {
    const rows = [
      [0, 0],
      [1e-200, 0],
      [1e200, 1e200],
    ];
    expect(apply("normalizer", { norm: "l2" }, { rows })).toEqual(rows);
  });
});

describe("oneHotEncoder", () => {
  const column = { column: 1, values: [-1, 4] };
  const rows = [
    [7, 4],
    [8, -1],
    [9, 3],
  ];
  it("puts the encoded columns before those that stay", () => {
    const encoded = [{ ...column, others: false }];
    expect(apply("oneHotEncoder", { encoded }, { rows })).toEqual([
      [0, 1, 7],
      [1, 0, 8],
      [0, 0, 9],
    ]);
  });
  it("gives values that were rare, or that it has never seen, one column together where there is one", () => {
    const encoded = [{ ...column, others: true }];
    expect(apply("oneHotEncoder", { encoded }, { rows })).toEqual([
      [0, 1, 0, 7],
      [1, 0, 0, 8],
      [0, 0, 1, 9],
    ]);
  });
});

describe("kNeighbors", () => {
  const line = { nNeighbors: 2, weights: "uniform", p: 2, rows: [[0], [2], [4], [6]], targets: [10, 20, 30, 40] };
  it("answers the mean of the nearest rows", () => {
    expect(apply("kNeighbors", line, { rows: [[0.5], [5]] })).toEqual([[15], [35]]);
  });
  it("takes the earlier of two rows that are equally far", () => {
    const one = { ...line, nNeighbors: 1 };
    expect(apply("kNeighbors", one, { rows: [[1], [5]] })).toEqual([[10], [30]]);
    const turned = { ...one, rows: [[6], [4], [2], [0]] };
    expect(apply("kNeighbors", turned, { rows: [[1], [5]] })).toEqual([[30], [10]]);
    const later = { ...line, rows: [[2], [-2], [1], [9]] };
    expect(apply("kNeighbors", later, { rows: [[0]] })).toEqual([[20]]);
  });
  it("weights by one over the distance", () => {
    const answers = apply("kNeighbors", { ...line, weights: "distance" }, { rows: [[0.5]] });
    expect(answers[0]![0]).toBeCloseTo((10 / 0.5 + 20 / 1.5) / (1 / 0.5 + 1 / 1.5), 12);
  });
  it("listens only to rows at the very point where there are some", () => {
    const same = { ...line, weights: "distance", nNeighbors: 3, rows: [[2], [2], [4], [6]] };
    expect(apply("kNeighbors", same, { rows: [[2]] })).toEqual([[15]]);
  });
  it("measures along the axes with p = 1", () => {
    const plane = {
      ...line,
      nNeighbors: 1,
      rows: [
        [3, 3],
        [0, 5],
        [9, 9],
        [9, 9],
      ],
    };
    expect(apply("kNeighbors", plane, { rows: [[0, 0]] })).toEqual([[10]]);
    expect(apply("kNeighbors", { ...plane, p: 1 }, { rows: [[0, 0]] })).toEqual([[20]]);
  });
  it("has an answer where all rows are infinitely far", () => {
    const answers = apply("kNeighbors", { ...line, weights: "distance" }, { rows: [[1e200]] });
    expect(answers).toEqual([[15]]);
  });
  it("gives each class its share of the neighbours", () => {
    const classes = { ...line, nNeighbors: 4, targets: [2, 0, 2, 2] };
    expect(apply("kNeighbors", classes, { rows: [[1]], classes: 3 })).toEqual([[0.25, 0, 0.75]]);
  });
});

describe("probabilities", () => {
  const far = { classes: [0, 2], priors: [0.5, 0.5], means: [[0], [1]], variances: [[1e-9], [1e-9]] };
  it("are 0 for a class that had no rows", () => {
    expect(apply("gaussianNb", far, { rows: [[1]], classes: 3 })).toEqual([[0, 0, 1]]);
    const two = { classes: [0, 2], coefficients: [[2]], intercepts: [0] };
    const [first, none, last] = apply("logisticRegression", two, { rows: [[0.5]], classes: 3 })[0]!;
    expect(none).toBe(0);
    expect(last).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(first! + last!).toBeCloseTo(1, 12);
  });
  it("are numbers however far a row is from all classes", () => {
    expect(apply("gaussianNb", far, { rows: [[1e200]], classes: 3 })).toEqual([[0.5, 0, 0.5]]);
  });
  it("do not overflow", () => {
    const steep = { classes: [0, 1, 2], coefficients: [[1], [1e3], [-1e3]], intercepts: [0, 0, 0] };
    expect(apply("logisticRegression", steep, { rows: [[1e3]], classes: 3 })).toEqual([[0, 1, 0]]);
    expect(apply("logisticRegression", steep, { rows: [[1e307]], classes: 3 })).toEqual([[0, 1, 0]]);
  });
});
