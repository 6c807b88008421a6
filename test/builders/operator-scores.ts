/** Held-out scores of small pipelines over seeds, beside scikit-learn's (test/golden/record_more_operators.py). */
import { readFileSync } from "node:fs";
import { mostProbable } from "../../model/most-probable.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { steps } from "../../model/steps/table.ts";
import type { Parameters, Target } from "../../trainer/operators/operator.ts";
import { operators as table } from "../../trainer/operators/table.ts";
import type { OperatorName } from "../../traintask/operators.ts";
import { aMatrix, classTarget, numberTarget, parametersOf, rowsOf } from "./operators.ts";

interface Rows {
  readonly x: number[][];
  readonly y: number[];
}
export interface RecordedScore {
  readonly data: string;
  readonly operators: readonly [OperatorName, Parameters][];
  readonly seeds: number;
  readonly mean: number;
  readonly standardError: number;
}
const golden = JSON.parse(readFileSync("test/golden/more_operators.json", "utf8")) as {
  readonly data: Record<string, Rows & { readonly heldOut: Rows }>;
  readonly random: readonly RecordedScore[];
};

const classesOf: Readonly<Record<string, number>> = { iris: 3, wine: 3, cancer: 2, digits: 3 };

export function recordedTarget(data: string): Target {
  const { y } = golden.data[data]!;
  return classesOf[data] === undefined ? numberTarget(y) : classTarget(y, classesOf[data]);
}

/** What the step answers, having gone through JSON as in a model file. */
export function applied(
  name: OperatorName,
  { fitted, target }: { fitted: object; target: Target },
  rows: Matrix,
): Matrix {
  const classes = target.problemType === "classification" ? target.classes : undefined;
  return steps[name]!.read(JSON.parse(JSON.stringify(fitted)), { columns: rows.columns, classes }).apply(rows);
}

export const recordedScores: [string, RecordedScore][] = golden.random.map((one) => [
  `${one.operators.map(([name, parameters]) => `${name} ${JSON.stringify(parameters)}`).join(" > ")} on ${one.data}`,
  one,
]);

/** @returns the mean over as many seeds, and how far it may well be from scikit-learn's: two standard errors of both */
export function scoreOver(seeds: number, { data, operators, standardError, seeds: recordedSeeds }: RecordedScore) {
  const scores = Array.from({ length: seeds }, (_, seed) => heldOutScore(data, operators, seed));
  const mean = scores.reduce((sum, score) => sum + score, 0) / seeds;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (seeds - 1);
  // Where all seeds told the same rows right, one seed more might still have missed a row.
  const least = (of: number) => (classesOf[data] === undefined ? 0 : 1 / (of * golden.data[data]!.heldOut.y.length));
  const theirs = Math.max(standardError, least(recordedSeeds));
  const ours = Math.max(Math.sqrt(variance / seeds), least(seeds));
  return { mean, margin: 2 * Math.hypot(theirs, ours) };
}

function heldOutScore(data: string, operators: RecordedScore["operators"], seed: number): number {
  const { x: training, heldOut } = golden.data[data]!;
  const target = recordedTarget(data);
  let [x, rows] = [aMatrix(training), aMatrix(heldOut.x)];
  for (const [name, parameters] of operators) {
    const fitted = table[name].fit({ x, target, seed }, parametersOf(name, parameters));
    const after = (input: Matrix) => applied(name, { fitted, target }, input);
    [x, rows] = [after(x), after(rows)];
  }
  return score(target, rowsOf(rows), heldOut.y);
}

/** The share of right answers, or R squared. */
function score(target: Target, answers: number[][], truth: readonly number[]): number {
  if (target.problemType === "classification")
    return (
      answers.filter((shares, row) => mostProbable(Float64Array.from(shares)) === truth[row]).length / truth.length
    );
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  const squares = (of: (row: number) => number) => truth.reduce((sum, value, row) => sum + (value - of(row)) ** 2, 0);
  return 1 - squares((row) => answers[row]![0]!) / squares(() => mean);
}
