/** Operators against scikit-learn's answers for held-out rows, recorded by test/golden/record_more_operators.py. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applied, recordedTarget } from "../../test/builders/operator-scores.ts";
import { aMatrix, answersOf, rowsOf } from "../../test/builders/operators.ts";
import type { OperatorName } from "../../traintask/operators.ts";
import { independent } from "./fast-ica.ts";
import { layersOf, outputsOf } from "./mlp.ts";
import { nystroemOf } from "./nystroem.ts";
import type { Parameters, Target } from "./operator.ts";
import { train } from "./perceptron-training.ts";
import { classLosses, numberLosses } from "./sgd-losses.ts";
import { descend, type SgdOptions } from "./sgd.ts";

interface Rows {
  readonly x: number[][];
  readonly y: number[];
}
interface Case {
  readonly data: string;
  readonly operator: OperatorName;
  readonly parameters: Parameters;
  readonly answers: number[][];
  readonly basis?: number[];
  readonly fitted?: object;
}
const golden = JSON.parse(readFileSync("test/golden/more_operators.json", "utf8")) as {
  readonly data: Record<string, Rows & { readonly heldOut: Rows }>;
  readonly exact: readonly Case[];
  readonly started: readonly Case[];
};

function read({ data, answers }: Case) {
  const { x, heldOut } = golden.data[data]!;
  return { x: aMatrix(x), target: recordedTarget(data), rows: heldOut.x.slice(0, answers.length) };
}

/** @param digits of the answers' size that must agree */
function expectClose(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(found.length).toBe(expected.length);
  const off = expected.flatMap((row, i) =>
    row.map((value, j) => Math.abs(found[i]![j]! - value) / Math.max(1, Math.abs(value))),
  );
  expect(Math.max(...off)).toBeLessThan(1e-6);
}

const named = (cases: readonly Case[]): [string, Case][] =>
  cases.map((one) => [`${one.operator} ${JSON.stringify(one.parameters)} on ${one.data}`, one]);

describe("what has one solution is scikit-learn's", () => {
  it.each(named(golden.exact))("%s", (_, one) => {
    const { x, target, rows } = read(one);
    const found = answersOf(one.operator, { x, target, seed: 1 }, { rows, parameters: one.parameters });
    // The first columns stand for all where there are many.
    expectClose(
      found.map((row) => row.slice(0, one.answers[0]!.length)),
      one.answers,
    );
  });
});

describe("what starts as scikit-learn does ends where it does", () => {
  const started = (...operators: OperatorName[]) =>
    named(golden.started.filter(({ operator }) => operators.includes(operator)));
  const inOrder = (): void => {};

  it.each(started("sgdClassifier", "sgdRegressor"))("%s", (_, one) => {
    const { x, target } = read(one);
    const losses = { ...classLosses, ...numberLosses };
    const loss = losses[one.parameters.loss as keyof typeof losses];
    const found = oneAgainstRest(target).map((y) =>
      descend({ x, y, loss, options: one.parameters as SgdOptions, shuffle: inOrder }),
    );
    expectClose(
      found.map(({ weights, intercept }) => [...weights, intercept]),
      one.answers,
    );
  });

  it.each(started("mlp"))("%s", (_, one) => {
    const { x, target, rows } = read(one);
    const { hidden, ...options } = one.parameters as Record<"hidden" | "alpha" | "learningRate" | "epochs", number>;
    const { classes, y } = outputsOf(target);
    const wave = (count: number) => Array.from({ length: count }, (__, i) => 0.3 * Math.sin(i + 1));
    const weights = Float64Array.from([...wave(hidden * (x.columns + 1)), ...wave(y.columns * (hidden + 1))]);
    const kind = classes === undefined ? "number" : "classes";
    train({ x, y, kind, hidden, ...options, shuffle: inOrder }, weights);
    const layers = layersOf(weights, { columns: x.columns, hidden, outputs: y.columns });
    expectClose(rowsOf(applied("mlp", { fitted: { classes, ...layers }, target }, aMatrix(rows))), one.answers);
  });

  it.each(started("fastIca"))("%s", (_, one) => {
    const { x, target, rows } = read(one);
    const first = (count: number) => Float64Array.from({ length: count * count }, (__, i) => Math.sin((i + 1) ** 2));
    const fitted = independent(x, { tolerance: one.parameters.tol as number, first });
    expectClose(rowsOf(applied("fastIca", { fitted, target }, aMatrix(rows))), one.answers);
  });

  it.each(started("nystroem"))("%s", (_, one) => {
    const { x, target, rows } = read(one);
    const { kernel, gamma } = one.parameters as { kernel: string; gamma: number };
    const fitted = nystroemOf(x, { kernel, gamma, basis: Int32Array.from(one.basis!) });
    expectClose(rowsOf(applied("nystroem", { fitted, target }, aMatrix(rows))), one.answers);
  });

  it.each(started("rbfSampler"))("%s", (_, one) => {
    const { target, rows } = read(one);
    expectClose(rowsOf(applied("rbfSampler", { fitted: one.fitted!, target }, aMatrix(rows))), one.answers);
  });
});

/** Numbers as they are; of two classes 1 for the second, of more 1 for each in turn, and -1 for the rest. */
function oneAgainstRest(target: Target): Float64Array[] {
  if (target.problemType === "regression") return [target.values];
  const told = target.classes === 2 ? [1] : Array.from({ length: target.classes }, (_, code) => code);
  return told.map((code) => Float64Array.from(target.codes, (other) => (other === code ? 1 : -1)));
}
