/**
 * Every operator of the table on data that is hard: it finds something that can be applied and gives finite numbers, or
 * says in an OperatorError why not. A new operator is tested here by its line in the table.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aMatrix, classTarget, numberTarget, parametersOf } from "../../test/builders/operators.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { steps } from "../../model/steps/table.ts";
import type { OperatorName } from "../../traintask/operators.ts";
import { type FitInput, OperatorError, type Target } from "./operator.ts";
import { operators } from "./table.ts";

const names = Object.keys(operators) as OperatorName[];

/** Both targets for the same rows: a class of three, and a number. */
interface Data {
  readonly x: readonly (readonly number[])[];
  readonly codes?: readonly number[];
  readonly values?: readonly number[];
}
const targetsOf = ({ x, codes, values }: Data): Target[] => [
  classTarget(codes ?? x.map((_, row) => row % 3), 3),
  numberTarget(values ?? x.map((row, i) => row[0]! + (i % 4))),
];
const table = (rows: number, columns: number, value: (row: number, column: number) => number): number[][] =>
  Array.from({ length: rows }, (_r, row) => Array.from({ length: columns }, (_c, column) => value(row, column)));
/** Above 0, and no two rows the same. */
const ordinary = (row: number, column: number): number => 1 + ((row * 7 + column * 5) % 11) + row / 16 + (row % 3) * 4;

const easy: Data = { x: table(30, 3, ordinary) };
const hard: Readonly<Record<string, Data>> = {
  "a constant column": { x: table(30, 3, (row, column) => (column === 1 ? 0.1 : ordinary(row, column))) },
  "constant columns alone": { x: table(30, 3, (_, column) => column / 10) },
  "zeros alone": { x: table(30, 2, () => 0) },
  "one row of each class": { x: table(3, 3, ordinary), codes: [2, 0, 1] },
  "one row": { x: table(1, 3, ordinary) },
  "two rows": { x: table(2, 3, ordinary) },
  "two equal rows": { x: table(2, 3, (_, column) => column) },
  "more columns than rows": { x: table(9, 40, ordinary) },
  "as many columns as rows": { x: table(12, 12, ordinary) },
  "one column": { x: table(30, 1, ordinary) },
  "the same column twice": { x: table(30, 2, (row) => ordinary(row, 0)) },
  "one class, or a constant target": { ...easy, codes: easy.x.map(() => 1), values: easy.x.map(() => 0.1) },
  "a target of zeros": { ...easy, codes: easy.x.map(() => 0), values: easy.x.map(() => 0) },
  "a class without rows": { ...easy, codes: easy.x.map((_, row) => (row % 2) * 2) },
  "a target that is a column": { x: table(30, 2, (row, column) => (column === 0 ? row % 3 : ordinary(row, column))) },
  "negative numbers": { x: table(30, 3, (row, column) => 8 - ordinary(row, column)) },
  "columns of very different size": { x: table(30, 3, (row, column) => ordinary(row, column) * 1e9 ** column) },
  "huge numbers": { x: table(30, 2, (row, column) => ordinary(row, column) * 1e306) },
  "numbers whose squares are huge": { x: table(30, 2, (row, column) => ordinary(row, column) * 1e160) },
  "tiny numbers": { x: table(30, 2, (row, column) => ordinary(row, column) * 1e-300) },
  "numbers far from 0": { x: table(30, 2, (row, column) => ordinary(row, column) + 1e12) },
};

/** Fits, writes, reads back and applies. Answers the error where there is one; what is wrong makes the test fail. */
function outcome(name: OperatorName, input: FitInput, parameters = parametersOf(name)): OperatorError | undefined {
  const { x, target } = input;
  const before = x.values.slice();
  let fitted: object;
  try {
    fitted = operators[name].fit(input, parameters);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    expect(error.message).toMatch(/\w/);
    return error;
  }
  const written = JSON.stringify(fitted);
  // JSON has neither NaN nor infinities: they would become null.
  const spoken = (_: string, value: unknown): unknown =>
    typeof value === "number" && !Number.isFinite(value) ? `${value}` : value;
  expect(JSON.stringify(fitted, spoken)).toBe(written);
  const count = target.problemType === "classification" ? target.classes : undefined;
  const step = steps[name]!.read(JSON.parse(written), { columns: x.columns, classes: count });
  const answers = step.apply(x);
  expect(answers.rows).toBe(x.rows);
  expect(answers.columns).toBe(step.columns);
  expect(answers.values).toHaveLength(x.rows * step.columns);
  expect(answers.values.every(Number.isFinite)).toBe(true);
  expect(x.values).toEqual(before);
  if (operators[name].kind === "predictor") {
    expect(step.columns).toBe(count ?? 1);
    if (count !== undefined) expectProbabilities(answers);
  }
  return undefined;
}

function expectProbabilities({ rows, columns, values }: Matrix): void {
  for (let row = 0; row < rows; row++) {
    const shares = values.subarray(row * columns, (row + 1) * columns);
    expect(shares.every((share) => share >= 0 && share <= 1 + 1e-9)).toBe(true);
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  }
}

describe.each(names)("%s", (name) => {
  const { problemTypes, parameters } = operators[name];
  const ofType = (data: Data): Target[] =>
    targetsOf(data).filter(({ problemType }) => problemTypes.includes(problemType));

  it("fits ordinary data", () => {
    for (const target of ofType(easy)) expect(outcome(name, { x: aMatrix(easy.x), target, seed: 1 })).toBeUndefined();
  });

  it.each(Object.entries(hard))("is finite or says why not: %s", (_, data) => {
    for (const target of ofType(data)) outcome(name, { x: aMatrix(data.x), target, seed: 1 });
  });

  it("takes every value of its parameters", () => {
    for (const [parameter, values] of Object.entries(parameters))
      for (const value of values)
        for (const target of ofType(easy))
          outcome(name, { x: aMatrix(easy.x), target, seed: 1 }, parametersOf(name, { [parameter]: value }));
  });

  it("finds the same again", () => {
    for (const target of ofType(easy)) {
      const input = { x: aMatrix(easy.x), target, seed: 5 };
      const [first, second] = [1, 2].map(() => JSON.stringify(operators[name].fit(input, parametersOf(name))));
      expect(second).toBe(first);
    }
  });

  it("is finite or says why not: anything", () => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 12 }),
      fc.double({ min: -1000, max: 1000, noNaN: true }),
      fc.constantFrom(0, 0.1, 1e-200, -1e100, 1e100),
    );
    const chosen = fc.record(
      Object.fromEntries(Object.entries(parameters).map(([key, values]) => [key, fc.constantFrom(...values)])),
    );
    const data = fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
      fc.record({
        x: fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
        codes: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: rows, maxLength: rows }),
        values: fc.array(value, { minLength: rows, maxLength: rows }),
      }),
    );
    fc.assert(
      fc.property(data, chosen, (one, given) => {
        for (const target of ofType(one)) outcome(name, { x: aMatrix(one.x), target, seed: 1 }, given);
      }),
      { numRuns: 25, seed: 1 },
    );
  });
});
