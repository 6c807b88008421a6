/** Linear models by what defines their solutions; how they agree with scikit-learn is in golden.test.ts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aFitInput, answersOf, numberTarget, parametersOf } from "../../test/builders/operators.ts";
import { random } from "../../traintask/random.ts";
import { CoordinateDescent, type Penalty } from "./coordinate-descent.ts";
import { type Design, designOf, dot } from "./design.ts";
import { type FitInput, OperatorError } from "./operator.ts";
import { allRows } from "./row-blocks.ts";
import { operators } from "./table.ts";

interface Linear {
  readonly coefficients: number[];
  readonly intercept: number;
}
type Regressor = "ridge" | "lasso" | "elasticNet";
const fit = (name: Regressor, input: FitInput): Linear => operators[name].fit(input, parametersOf(name)) as Linear;

/** A target of the first two columns, and noise from 0 to `noise`. */
function noisy(rows: number, columns: number, { seed = 1, noise = 1 } = {}): FitInput {
  const draw = random(seed);
  const x = Array.from({ length: rows }, () => Array.from({ length: columns }, () => draw.uniform() * 4));
  return aFitInput(x, numberTarget(x.map((row) => 3 * row[0]! - 2 * (row[1] ?? 0) + noise * draw.uniform())));
}
const targetValues = ({ target }: FitInput): Float64Array =>
  target.problemType === "regression" ? target.values : new Float64Array();

/** Ridge of a fixed penalty by gradient descent on the definition; returns predictions. */
function slowRidge({ x, target }: FitInput, alpha: number): (row: Float64Array) => number {
  const y = (target as { values: Float64Array }).values;
  const rows = Array.from({ length: x.rows }, (_, i) => x.values.subarray(i * x.columns, (i + 1) * x.columns));
  const mean = Float64Array.from({ length: x.columns }, (_, c) => rows.reduce((sum, row) => sum + row[c]!, 0) / x.rows);
  const offset = y.reduce((a, b) => a + b) / x.rows;
  const centred = rows.map((row) => row.map((value, c) => value - mean[c]!));
  const weights = new Float64Array(x.columns);
  for (let step = 0; step < 200_000; step++) {
    const residual = centred.map((row, i) => y[i]! - offset - dot(row, weights));
    let greatest = 0;
    for (let c = 0; c < x.columns; c++) {
      const slope = centred.reduce((sum, row, i) => sum + row[c]! * residual[i]!, 0) - alpha * weights[c]!;
      greatest = Math.max(greatest, Math.abs(slope));
      weights[c]! += slope * 0.003;
    }
    if (greatest < 1e-10) break;
  }
  return (row) => offset + row.reduce((sum, value, c) => sum + (value - mean[c]!) * weights[c]!, 0);
}

describe("ridge", () => {
  const without = ({ x }: FitInput, y: Float64Array, left: number): FitInput => {
    const kept = Array.from({ length: x.rows }, (_, row) => row).filter((row) => row !== left);
    return aFitInput(
      kept.map((row) => Array.from(x.values.subarray(row * x.columns, (row + 1) * x.columns))),
      numberTarget(kept.map((row) => y[row]!)),
    );
  };
  it.each([
    ["more rows than columns", noisy(12, 3)],
    ["as many columns as rows", noisy(8, 8)],
    ["more columns than rows", noisy(7, 11)],
    ["a target that is mostly noise", noisy(14, 3, { noise: 60 })],
    ["noise and more columns than rows", noisy(7, 9, { noise: 60 })],
  ])("takes the penalty that tells rows best which it has not seen: %s", (_, input) => {
    const { x } = input;
    const y = targetValues(input);
    const errors = [0.1, 1, 10].map((alpha) =>
      y.reduce((sum, value, row) => {
        const predict = slowRidge(without(input, y, row), alpha);
        return sum + (value - predict(x.values.subarray(row * x.columns, (row + 1) * x.columns))) ** 2;
      }, 0),
    );
    const best = [0.1, 1, 10][errors.indexOf(Math.min(...errors))]!;
    const predict = slowRidge(input, best);
    answersOf("ridge", input).forEach(([value], row) =>
      expect(value).toBeCloseTo(predict(x.values.subarray(row * x.columns, (row + 1) * x.columns)), 6),
    );
  });
  it("answers the mean where the columns are constant", () => {
    const { coefficients, intercept } = fit(
      "ridge",
      aFitInput(Array(6).fill([0.1, 2]), numberTarget([1, 2, 3, 4, 5, 6])),
    );
    coefficients.forEach((coefficient) => expect(coefficient).toBeCloseTo(0, 12));
    expect(intercept).toBeCloseTo(3.5, 9);
  });
  it("needs two rows", () => {
    expect(() => fit("ridge", noisy(1, 2))).toThrow(OperatorError);
  });
});

describe("coordinate descent", () => {
  const shape = fc.record({ rows: fc.integer({ min: 2, max: 12 }), columns: fc.integer({ min: 1, max: 12 }) });
  const penalties = fc.record({
    l1: fc.double({ min: 0.01, max: 5, noNaN: true }),
    l2: fc.double({ min: 0, max: 5, noNaN: true }),
  });
  const tight = { tolerance: 1e-12, maxIterations: 100_000 };

  /** By how much the slope of a coefficient misses what it is where the objective is least. */
  function missed({ columns, y }: Design, weights: Float64Array, { l1, l2 }: Penalty): number {
    const residual = y.map(
      (value, row) => value - columns.reduce((sum, column, c) => sum + column[row]! * weights[c]!, 0),
    );
    const misses = columns.map((column, c) => {
      const slope = dot(column, residual) - l2 * weights[c]!;
      return weights[c] === 0 ? Math.abs(slope) - l1 : Math.abs(slope - l1 * Math.sign(weights[c]!));
    });
    return Math.max(...misses);
  }
  const designFor = (input: FitInput): Design =>
    designOf(input.x, targetValues(input), { rows: allRows(input.x), normalize: false });

  it("ends where no coefficient can change for the better, whichever penalty came before", () => {
    fc.assert(
      fc.property(
        shape,
        fc.integer({ min: 1, max: 99 }),
        fc.array(penalties, { minLength: 1, maxLength: 3 }),
        ({ rows, columns }, seed, list) => {
          const design = designFor(noisy(rows, columns, { seed }));
          const descent = new CoordinateDescent(design, tight);
          for (const penalty of list) expect(missed(design, descent.solve(penalty), penalty)).toBeLessThan(1e-3);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([0.1, 0.01])("does not creep where columns are much alike: %s on squares", (l2) => {
    const { x, target } = noisy(20, 30);
    const alike = { ...x, values: x.values.map((value, at) => value / 100 + x.values[at - (at % 30)]!) };
    const design = designFor({ x: alike, target, seed: 1 });
    const descent = new CoordinateDescent(design, { tolerance: 1e-9, maxIterations: 300 });
    for (const l1 of [0.1, 0.01]) expect(missed(design, descent.solve({ l1, l2 }), { l1, l2 })).toBeLessThan(1e-4);
  });
});

describe.each(["lasso", "elasticNet"] as const)("%s", (name) => {
  it("finds what the target is made of", () => {
    const { coefficients } = fit(name, noisy(60, 8));
    [3, -2, 0, 0, 0, 0, 0, 0].forEach((weight, c) => expect(Math.abs(coefficients[c]! - weight)).toBeLessThan(0.2));
  });
  it("takes no notice of a constant column, also where its mean is rounded", () => {
    const { x, target } = noisy(20, 2);
    const wider = aFitInput(
      Array.from({ length: 20 }, (_, row) => [...x.values.subarray(row * 2, row * 2 + 2), 0.1]),
      target,
    );
    expect(fit(name, wider)).toEqual({
      ...fit(name, noisy(20, 2)),
      coefficients: [...fit(name, noisy(20, 2)).coefficients, 0],
    });
  });
  it("answers the mean where the target is constant", () => {
    const { x } = noisy(10, 2);
    expect(fit(name, { x, target: numberTarget(Array(10).fill(4)), seed: 1 })).toEqual({
      coefficients: [0, 0],
      intercept: 4,
    });
  });
  it("needs a row for each block", () => {
    expect(() => fit(name, noisy(4, 2))).toThrow("4 rows cannot be divided into 5 blocks");
    expect(fit(name, noisy(5, 2)).coefficients).toHaveLength(2);
  });
});

describe("lasso", () => {
  it("does not depend on the columns' units where they are normalized", () => {
    const { x, target } = noisy(30, 3);
    const units = [1, 1000, 0.01];
    const scaled = { ...x, values: x.values.map((value, at) => value * units[at % 3]!) };
    const [plain, other] = [fit("lasso", { x, target, seed: 1 }), fit("lasso", { x: scaled, target, seed: 1 })];
    plain.coefficients.forEach((coefficient, c) =>
      expect(other.coefficients[c]! * units[c]!).toBeCloseTo(coefficient, 9),
    );
  });
});
