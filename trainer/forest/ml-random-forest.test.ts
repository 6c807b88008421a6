/**
 * The grower against ml-random-forest, an independent implementation in JavaScript, on tables small enough for it. A single
 * tree on all rows is the same function in both; forests draw differently and agree in what they score on unseen rows.
 *
 * What ml-random-forest needs to be told: `noOOB`, or it keeps and sorts every out-of-bag prediction of every row; a seed,
 * or each run draws anew; `replacement: false`, or a tree may be given the same column twice and another never; the gain
 * threshold, or it stops at splits that gain less than 0.01.
 */
import { readFileSync } from "node:fs";
import { Matrix } from "ml-matrix";
import { RandomForestClassifier, RandomForestRegression } from "ml-random-forest";
import { describe, expect, it } from "vitest";
import { aClassTarget, aForestInput, aNumberColumn, aRegressionTarget, friedman } from "../../test/builders/forest.ts";
import { allRows, predictor } from "../../test/builders/grown.ts";
import { classificationScores, regressionScores } from "../metrics.ts";
import type { ForestInput } from "./input.ts";

interface Forest {
  readonly nEstimators: number;
  readonly seed: number;
  /** One tree of this depth on all rows, without a draw; absent: unlimited trees on drawn rows. */
  readonly maxDepth?: number;
}

const theirOptions = ({ nEstimators, seed, maxDepth }: Forest) => ({
  nEstimators,
  seed,
  maxFeatures: 1,
  replacement: false,
  noOOB: true,
  useSampleBagging: maxDepth === undefined,
  treeOptions: { gainThreshold: 0, minNumSamples: 1, maxDepth: maxDepth ?? Number.POSITIVE_INFINITY },
});

const ourOptions = ({ nEstimators, maxDepth }: Forest) => ({
  nEstimators,
  bootstrap: maxDepth === undefined,
  ...(maxDepth === undefined ? {} : { maxDepth }),
});

/** Rows of the whole table, whichever of them are trained on. */
function tableOf({ columns }: ForestInput): Matrix {
  return new Matrix(columns.map((column) => Array.from(column.type === "number" ? column.values : []))).transpose();
}

const truthOf = ({ target }: ForestInput): number[] =>
  Array.from(target.problemType === "regression" ? target.values : target.codes);

/** Their predictions for every row of the table. */
function theirs(input: ForestInput, forest: Forest): number[] {
  const table = tableOf(input);
  const rows = Array.from(input.rows);
  const truth = truthOf(input);
  const Engine = input.target.problemType === "regression" ? RandomForestRegression : RandomForestClassifier;
  const engine = new Engine(theirOptions(forest));
  engine.train(
    rows.map((row) => table.getRow(row)),
    rows.map((row) => truth[row]!),
  );
  return engine.predict(table);
}

/** Ours for every row of the table. */
async function ours(input: ForestInput, forest: Forest): Promise<number[]> {
  const { options, ...table } = input;
  const model = await predictor({ ...table, seed: forest.seed, options: { ...options, ...ourOptions(forest) } });
  const everyRow = { ...input, rows: Uint32Array.from(truthOf(input), (_, row) => row) };
  const labels = input.target.problemType === "classification" ? input.target.classes : [];
  return model.predict(allRows(everyRow)).map((one) => ("value" in one ? one.value : labels.indexOf(one.label)));
}

describe("one tree on all rows answers as ml-random-forest's", () => {
  const smooth = friedman({ rows: 80, columns: 6, noise: 1, seed: 3 });
  const values = smooth.target.problemType === "regression" ? Array.from(smooth.target.values) : [];
  const thirds = values.toSorted((a, b) => a - b).filter((_, i) => i === 27 || i === 54);
  const targets = {
    "for a number": smooth.target,
    "for classes": aClassTarget(
      values.map((value) => thirds.filter((limit) => value > limit).length),
      ["low", "middle", "high"],
    ),
  };
  const cases = Object.entries(targets).flatMap(([name, target]) =>
    [1, 2, 3].map((maxDepth) => ({ name: `${name}, depth ${maxDepth}`, target, maxDepth })),
  );
  it.each(cases)("$name", async ({ target, maxDepth }) => {
    const input = aForestInput({ ...smooth, target });
    const forest = { nEstimators: 1, seed: 1, maxDepth };
    const expected = theirs(input, forest);
    expect(new Set(expected).size).toBeGreaterThan(1);
    (await ours(input, forest)).forEach((value, row) => expect(value, `row ${row}`).toBeCloseTo(expected[row]!, 9));
  });
});

interface Recorded {
  readonly columns: readonly (readonly number[])[];
  readonly target: readonly number[];
}
const recorded = JSON.parse(readFileSync("test/golden/scores.json", "utf8")) as Record<"iris" | "diabetes", Recorded>;

/** Every fourth row is held out. */
const isHeldOut = (row: number): boolean => row % 4 === 0;

function inputOf(name: "iris" | "diabetes"): ForestInput {
  const { columns, target } = recorded[name];
  return aForestInput({
    columns: columns.map((values, c) => aNumberColumn(values, `x${c}`)),
    target: name === "iris" ? aClassTarget(target, ["setosa", "versicolor", "virginica"]) : aRegressionTarget(target),
    rows: Uint32Array.from(target, (_, row) => row).filter((row) => !isHeldOut(row)),
  });
}

/** Accuracy as the trace of the confusion matrix, which is the product of the two indicator matrices. */
function accuracy(truth: readonly number[], predicted: readonly number[]): number {
  const indicator = (codes: readonly number[]): Matrix =>
    new Matrix(codes.map((code) => [0, 1, 2].map((each) => (each === code ? 1 : 0))));
  const confusion = indicator(truth).transpose().mmul(indicator(predicted));
  expect(classificationScores(truth, predicted, 3).confusion).toEqual(confusion.to2DArray());
  return confusion.trace() / confusion.sum();
}

function r2(truth: readonly number[], predicted: readonly number[]): number {
  const column = Matrix.columnVector([...truth]);
  const residual = Matrix.sub(column, Matrix.columnVector([...predicted])).norm("frobenius");
  const spread = Matrix.sub(column, column.mean()).norm("frobenius");
  const score = 1 - (residual / spread) ** 2;
  expect(regressionScores(truth, predicted).metrics[0]!.value).toBeCloseTo(score, 12);
  return score;
}

describe("forests score on unseen rows as ml-random-forest's do", () => {
  const cases = {
    "iris, accuracy": { input: inputOf("iris"), score: accuracy, least: 0.9, tolerance: 0.03 },
    "diabetes, R2": { input: inputOf("diabetes"), score: r2, least: 0.3, tolerance: 0.05 },
  };
  it.each(Object.entries(cases))("%s", async (_, { input, score, least, tolerance }) => {
    const forest = { nEstimators: 20, seed: 7 };
    const truth = truthOf(input);
    const unseen = (values: readonly number[]): number[] => values.filter((_value, row) => isHeldOut(row));
    const expected = score(unseen(truth), unseen(theirs(input, forest)));
    const found = score(unseen(truth), unseen(await ours(input, forest)));
    expect(expected).toBeGreaterThan(least);
    expect(Math.abs(found - expected)).toBeLessThan(tolerance);
  });
});
