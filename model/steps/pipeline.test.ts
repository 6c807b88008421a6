import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { LineError, ModelFormatError } from "../errors.ts";
import { NotFiniteError, readPipeline, stacked } from "./pipeline.ts";
import type { Matrix, Shape } from "./step.ts";

vi.mock("./table.ts", () => import("../../test/builders/steps.ts"));

const matrix = (columns: number, ...values: readonly number[]): Matrix => ({
  rows: values.length / columns,
  columns,
  values: Float64Array.from(values),
});
const input = { operator: "input", fitted: { columns: [{ fill: 0 }, { fill: 0 }] } };
const scaler = (columns: number) => ({
  operator: "standardScaler",
  fitted: { offset: Array(columns).fill(1), scale: Array(columns).fill(2) },
});
const power = { operator: "power", fitted: {} };
const total = { operator: "total", fitted: { bias: 100 } };
const shares = (...each: readonly number[]) => ({ operator: "total", fitted: { shares: each } });
const numbers: Shape = { columns: 2, classes: undefined };
const threeClasses: Shape = { columns: 2, classes: 3 };

describe("a pipeline", () => {
  it("applies its steps in order", () => {
    const pipeline = readPipeline([input, scaler(2), total], numbers);
    expect(pipeline.apply(matrix(2, 3, 5, NaN, 1))).toEqual(matrix(1, 1 + 2 + 100, -0.5 + 0 + 100));
  });

  it("stacks a predictor that is not last: its answer joins what went into it", () => {
    const pipeline = readPipeline([input, total, scaler(3), total], numbers);
    // 3, 5 and 108 less 1 each, by 2.
    expect(pipeline.apply(matrix(2, 3, 5))).toEqual(matrix(1, 1 + 2 + 53.5 + 100));
  });

  it("stacks one column for each class, two predictors in a row too", () => {
    const pipeline = readPipeline([input, shares(0.5, 0.25, 0.25), shares(0, 1, 0), scaler(8), shares(0, 0, 1)], {
      columns: 2,
      classes: 3,
    });
    expect(pipeline.apply(matrix(2, 3, 5))).toEqual(matrix(3, 0, 0, 1));
    expect(() => readPipeline([input, shares(0.5, 0.25, 0.25), scaler(2), shares(0, 0, 1)], threeClasses)).toThrow(
      "offset has 2 entries for 5 columns",
    );
  });

  it("joins matrices row by row", () => {
    fc.assert(
      fc.property(fc.nat({ max: 5 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (rows, a, b) => {
        const of = (columns: number, from: number): Matrix => ({
          rows,
          columns,
          values: Float64Array.from({ length: rows * columns }, (_, i) => from + i),
        });
        const [left, right] = [of(a, 0), of(b, 1000)];
        const { columns, values } = stacked(right, left);
        expect([columns, values.length]).toEqual([a + b, rows * (a + b)]);
        for (let row = 0; row < rows; row++) {
          expect(values.slice(row * columns, row * columns + a)).toEqual(left.values.slice(row * a, (row + 1) * a));
          expect(values.slice(row * columns + a, (row + 1) * columns)).toEqual(
            right.values.slice(row * b, (row + 1) * b),
          );
        }
      }),
    );
  });

  it("names the row of which a step makes a number that is not finite", () => {
    const pipeline = readPipeline([input, power, total], numbers);
    expect(() => pipeline.apply(matrix(2, 1, 2, 1e200, 0, 1e300, 0))).toThrow(NotFiniteError);
    expect(() => pipeline.apply(matrix(2, 1, 2, 1e200, 0, 1e300, 0))).toThrow(
      expect.objectContaining({ row: 1, message: "power makes a number of it that is not finite" }),
    );
    expect(pipeline.apply(matrix(2, 1, 2))).toEqual(matrix(1, 105));
  });

  it("takes no rows at all", () => {
    expect(readPipeline([input, total], numbers).apply(matrix(2))).toEqual(matrix(1));
  });

  it.each([
    ["sums to 1 by rounding alone", [0.1, 0.2, 0.7 + 1e-9], true],
    ["sums to less", [0.1, 0.2, 0.6], false],
    ["sums to 1, but is negative in places", [-0.5, 0.5, 1], false],
  ])("believes the probabilities of a step where it %s: %j", (_, each, isBelieved) => {
    const apply = (): Matrix => readPipeline([input, shares(...each)], threeClasses).apply(matrix(2, 1, 2));
    if (isBelieved) expect(apply().values).toEqual(Float64Array.from(each));
    else expect(apply).toThrow(ModelFormatError);
  });

  const refused: Record<string, { steps: Parameters<typeof readPipeline>[0]; shape?: Shape; says: RegExp }> = {
    "a pipeline without input": { steps: [scaler(2), total], says: /is of standardScaler, where input should be/ },
    "a second input": { steps: [input, input, total], says: /unknown here: "input"/ },
    "an unknown operator": {
      steps: [input, { operator: "oracle", fitted: {} }],
      says: /operator unknown here: "oracle"/,
    },
    "an operator that every object has": {
      steps: [input, { operator: "constructor", fitted: {} }],
      says: /operator unknown here: "constructor"/,
    },
    "a step for more columns than there are": { steps: [input, scaler(3), total], says: /3 entries for 2 columns/ },
    "a predictor of other classes": {
      steps: [input, shares(0.5, 0.5)],
      shape: threeClasses,
      says: /answers 2 columns, where the target has 3/,
    },
    "a pipeline that only transforms": { steps: [input, scaler(2)], says: /does not end with a predictor/ },
    "a pipeline of no steps": { steps: [], says: /does not end with a predictor/ },
  };
  it.each(Object.entries(refused))("refuses %s", (_, { steps, shape = numbers, says }) => {
    const read = (): unknown => readPipeline(steps, shape);
    expect(read).toThrow(says);
    expect(read).toThrow(says.source.startsWith("does not") ? ModelFormatError : LineError);
  });
});
