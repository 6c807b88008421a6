/** What nothing can be learnt of is refused, with a reason; what can be learnt is not. hard-data.test.ts has more of both. */
import { describe, expect, it } from "vitest";
import { aMatrix, answersOf, classTarget, numberTarget, parametersOf } from "../../test/builders/operators.ts";
import type { OperatorName } from "../../traintask/operators.ts";
import { OperatorError, type Target } from "./operator.ts";
import { operators } from "./table.ts";

const wavy = (row: number, column: number): number => Math.abs(Math.sin(3 * row + 7 * column + 1));
const grid = (rows: number, columns: number, cell = wavy): number[][] =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (__, column) => cell(row, column)));

const shapes: Readonly<Record<string, number[][]>> = {
  "plain rows": grid(6, 3),
  "constant columns": grid(6, 3, (_, column) => column),
  "a single row": grid(1, 2),
  "a single column": grid(6, 1),
  "numbers below 0": grid(6, 2, (row, column) => wavy(row, column) - 0.5),
  "huge numbers": grid(6, 2, (row, column) => 1e200 * wavy(row, column)),
};

/** Which shapes each operator refuses, its parameters at their defaults. */
const refusals: Partial<Record<OperatorName, Record<string, string>>> = {
  zeroCount: {},
  binarizer: {},
  fastIca: {
    "constant columns": "needs a column that varies",
    "a single row": "needs a column that varies",
    "huge numbers": "the variance of the columns is not finite",
  },
  nystroem: {},
  rbfSampler: {},
  featureAgglomeration: {
    "a single column": "needs 2 columns, and there is 1",
    "huge numbers": "the distance of two columns is not finite",
  },
  bernoulliNb: {},
  multinomialNb: { "numbers below 0": "takes counts, and a column has numbers below 0" },
  linearSvc: {
    "a single row": "there are rows of one class only",
    "huge numbers": "the squares of a row's numbers are not finite: scale the columns",
  },
  linearSvr: { "huge numbers": "the squares of a row's numbers are not finite: scale the columns" },
  sgdClassifier: {
    "a single row": "there are rows of one class only",
    "huge numbers": "the descent leaves the range of numbers: scale the columns, or take a smaller eta0",
  },
  sgdRegressor: {
    "huge numbers": "the descent leaves the range of numbers: scale the columns, or take a smaller eta0",
  },
  mlp: { "a single row": "there are rows of one class only" },
};

/** @returns why the rows are refused; undefined where they are not */
function refusal(name: OperatorName, x: number[][], target: Target): string | undefined {
  try {
    operators[name].fit({ x: aMatrix(x), target, seed: 1 }, parametersOf(name));
    return undefined;
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
}

const names = Object.keys(refusals) as OperatorName[];

describe("of rows nothing can be learnt", () => {
  it.each(names)("and %s says why", (name) => {
    const found = Object.entries(shapes).flatMap(([shape, x]) => {
      const classes = operators[name].problemTypes.includes("classification");
      const target = classes
        ? classTarget(
            x.map((_, row) => row % 3),
            3,
          )
        : numberTarget(x.map((_, row) => row));
      const why = refusal(name, x, target);
      return why === undefined ? [] : [[shape, why]];
    });
    expect(Object.fromEntries(found)).toEqual(refusals[name]);
  });

  it.each(["linearSvc", "sgdClassifier", "mlp"] as const)("and %s tells no class from itself", (name) => {
    expect(refusal(name, grid(5, 2), classTarget([1, 1, 1, 1, 1], 3))).toBe("there are rows of one class only");
  });

  it.each(["bernoulliNb", "multinomialNb"] as const)("but that it is always the same class, by %s", (name) => {
    const input = { x: aMatrix(grid(4, 2)), target: classTarget([1, 1, 1, 1], 3), seed: 1 };
    expect(answersOf(name, input, { rows: grid(2, 2) })).toEqual([
      [0, 1, 0],
      [0, 1, 0],
    ]);
  });

  it("and a penalty on absolute values goes with the squared loss only", () => {
    const input = { x: aMatrix(grid(6, 2)), target: classTarget([0, 1, 0, 1, 0, 1]), seed: 1 };
    const parameters = { penalty: "l1", loss: "hinge" };
    expect(() => answersOf("linearSvc", input, { parameters })).toThrow("l1 goes with the loss squared_hinge only");
    expect(() => answersOf("linearSvc", input, { parameters })).toThrow(OperatorError);
  });

  it("and no row is beyond what a kernel can say of it", () => {
    const input = { x: aMatrix([[1], [2], [1e200]]), target: numberTarget([1, 2, 3]), seed: 1 };
    for (const seed of [1, 2, 3, 4]) {
      const fit = () =>
        answersOf("nystroem", { ...input, seed }, { parameters: { kernel: "polynomial", nComponents: 1 } });
      expect(fit).toThrow("the kernel polynomial is not finite");
    }
  });

  it.each(["chi2", "additive_chi2"])("and the kernel %s takes no numbers below 0", (kernel) => {
    const input = { x: aMatrix([[1], [2], [3], [-0.1]]), target: numberTarget([1, 2, 3, 4]), seed: 1 };
    const parameters = { kernel, nComponents: 1 };
    expect(() => answersOf("nystroem", input, { parameters })).toThrow(`the kernel ${kernel} takes no numbers below 0`);
  });
});
