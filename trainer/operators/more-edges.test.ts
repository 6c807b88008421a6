/** Rows that operators meet in folds and small tables: each is fitted to something finite, or refused with its reason. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../model/steps/step.ts";
import { aMatrix, answersOf, aTarget, fittedOf, rowsOf } from "../../test/builders/operators.ts";
import type { OperatorName } from "../../traintask/operators.ts";
import { OperatorError, type Parameter, type Parameters, type Target } from "./operator.ts";
import { operators } from "./table.ts";

/** The operators, and which of the shapes below they refuse, their parameters at their defaults. */
const refusals = {
  zeroCount: [],
  binarizer: [],
  fastIca: ["constant columns", "a single row"],
  nystroem: [],
  rbfSampler: [],
  featureAgglomeration: ["a single column", "huge numbers"],
  bernoulliNb: [],
  multinomialNb: ["numbers below 0"],
  linearSvc: ["one class only", "a single row", "huge numbers"],
  linearSvr: ["huge numbers"],
  sgdClassifier: ["one class only", "a single row", "huge numbers"],
  sgdRegressor: ["huge numbers"],
  // Of classes one class only and a single row as well.
  mlp: [],
} satisfies Partial<Record<OperatorName, string[]>>;
const names = Object.keys(refusals) as (keyof typeof refusals)[];

interface Rows {
  readonly x: Matrix;
  readonly codes: readonly number[];
  readonly values: readonly number[];
}

const grid = (rows: number, columns: number, cell: (row: number, column: number) => number): Matrix =>
  aMatrix(Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (__, c) => cell(row, c))));
const wavy = (row: number, column: number): number => Math.abs(Math.sin(3 * row + 7 * column + 1));

const shapes: Record<string, Rows> = {
  "constant columns": { x: grid(6, 3, (_, c) => c), codes: [0, 1, 2, 0, 1, 2], values: [1, 2, 3, 4, 5, 6] },
  "one constant column among others": {
    x: grid(6, 3, (row, c) => (c === 0 ? 0.1 : wavy(row, c))),
    codes: [0, 1, 2, 0, 1, 2],
    values: [1, 2, 3, 4, 5, 6],
  },
  "one row for each class": { x: grid(3, 2, wavy), codes: [0, 1, 2], values: [3, 1, 2] },
  "more columns than rows": { x: grid(4, 9, wavy), codes: [0, 1, 0, 2], values: [3, 1, 2, 5] },
  "one class only": { x: grid(5, 2, wavy), codes: [1, 1, 1, 1, 1], values: [2, 2, 2, 2, 2] },
  "a single row": { x: grid(1, 2, wavy), codes: [2], values: [7] },
  "a single column": { x: grid(5, 1, wavy), codes: [0, 1, 1, 0, 2], values: [3, 1, 2, 5, 4] },
  "equal columns": { x: grid(6, 3, (row) => wavy(row, 0)), codes: [0, 1, 2, 0, 1, 2], values: [1, 2, 3, 4, 5, 6] },
  "numbers below 0": {
    x: grid(6, 2, (row, c) => wavy(row, c) - 0.5),
    codes: [0, 1, 2, 0, 1, 2],
    values: [1, 2, 3, 4, 5, 6],
  },
  "huge numbers": {
    x: grid(6, 2, (row, c) => 1e200 * wavy(row, c)),
    codes: [0, 1, 0, 0, 1, 2],
    values: [1, 2, 3, 4, 5, 6],
  },
  "tiny numbers": {
    x: grid(6, 2, (row, c) => 1e-200 * wavy(row, c)),
    codes: [0, 1, 0, 0, 1, 2],
    values: [1, 2, 3, 4, 5, 6],
  },
};

/** Of five classes, some never have a row. */
const targets = (name: OperatorName, { codes, values }: Rows): Target[] =>
  operators[name].problemTypes.map((type) => (type === "regression" ? aTarget(values) : aTarget(codes, 5)));

/** @returns what is wrong with the answers; undefined where they are as they must be, or the rows were refused */
function complaint(
  name: OperatorName,
  fit: { x: Matrix; target: Target; parameters?: Parameters },
): string | undefined {
  try {
    return wrongWith(rowsOf(answersOf(name, fit)), name, fit.target);
  } catch (error) {
    return error instanceof OperatorError ? undefined : String(error);
  }
}

function wrongWith(answers: number[][], name: OperatorName, target: Target): string | undefined {
  if (!answers.flat().every(Number.isFinite)) return "not finite";
  if (operators[name].kind === "transformer") return undefined;
  if (target.problemType === "regression")
    return answers.every((row) => row.length === 1) ? undefined : "not one value";
  const shares = answers.every((row) => row.length === 5 && row.every((share) => share >= 0 && share <= 1));
  const whole = answers.every((row) => Math.abs(row.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  return shares && whole ? undefined : "not the probabilities of five classes";
}

const refused = (name: OperatorName, rows: Rows): boolean =>
  targets(name, rows).every((target) => {
    try {
      fittedOf(name, { x: rows.x, target });
      return false;
    } catch (error) {
      return error instanceof OperatorError;
    }
  });

describe.each(names)("%s", (name) => {
  it.each(Object.entries(shapes))("is fitted to %s, or says why not", (_, rows) => {
    for (const target of targets(name, rows))
      expect([target.problemType, complaint(name, { x: rows.x, target })]).toEqual([target.problemType, undefined]);
  });

  it("refuses what nothing can be learnt of, and nothing else", () => {
    const found = Object.keys(shapes).filter((shape) => refused(name, shapes[shape]!));
    expect(found).toEqual(refusals[name]);
  });

  it("answers finite numbers whatever its parameters are, or says why not", () => {
    const parameters = Object.entries(operators[name].parameters).map(([parameter, values]) =>
      fc.constantFrom(...values).map((value): [string, Parameter] => [parameter, value]),
    );
    const shape = fc.constantFrom(...Object.values(shapes));
    fc.assert(
      fc.property(shape, fc.tuple(...parameters), (rows, chosen) => {
        const options = Object.fromEntries(chosen);
        for (const target of targets(name, rows))
          expect(complaint(name, { x: rows.x, target, parameters: options })).toBeUndefined();
      }),
      { numRuns: name === "mlp" ? 10 : 60 },
    );
  });

  it("answers the same for the same seed, also for rows it has not seen", () => {
    const { x, codes, values } = shapes["one constant column among others"]!;
    const target = operators[name].problemTypes.includes("regression") ? aTarget(values) : aTarget(codes, 3);
    const unseen = grid(4, 3, (row, c) => 10 * wavy(row + 9, c));
    const once = answersOf(name, { x, target, seed: 5 }, unseen);
    expect(answersOf(name, { x, target, seed: 5 }, unseen)).toEqual(once);
    expect(once.values.every(Number.isFinite)).toBe(true);
  });
});
