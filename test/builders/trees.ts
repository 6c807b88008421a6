/** What test/golden/record_trees_operators.py recorded, and our own answers to it. */
import { readFileSync } from "node:fs";
import type { Matrix } from "../../model/steps/step.ts";
import { steps } from "../../model/steps/table.ts";
import type { FitInput, Parameters, Target } from "../../trainer/operators/operator.ts";
import { operators } from "../../trainer/operators/table.ts";
import type { OperatorName } from "../../traintask/operators.ts";
import { parametersOf } from "./operators.ts";

interface Case {
  readonly operator: OperatorName;
  readonly parameters: Parameters;
  readonly table: string;
}
/** Over 20 seeds: the mean, and its standard error. */
export interface Summary {
  readonly mean: number;
  readonly error: number;
}
interface Golden {
  readonly tables: Readonly<Record<string, Table>>;
  readonly answers: readonly (Case & { readonly outputs: readonly number[] })[];
  readonly scores: readonly (Case & Summary)[];
  readonly importances: readonly { readonly table: string; readonly columns: readonly Summary[] }[];
  /** By column: in which share of the seeds it is kept. */
  readonly eliminated: readonly { readonly table: string; readonly kept: readonly number[] }[];
}
interface Table {
  readonly columns: number;
  readonly x: readonly number[];
  readonly classes?: readonly number[];
  readonly values?: readonly number[];
}

export const golden = JSON.parse(readFileSync("test/golden/trees_operators.json", "utf8")) as Golden;

export const title = ({ operator, parameters }: Case): string => `${operator} ${Object.values(parameters).join(" ")}`;

interface Part {
  readonly x: Matrix;
  readonly target: Target;
}

function part({ columns, x, classes, values }: Table, isIn: (row: number) => boolean): Part {
  const rows = [...(classes ?? values!).keys()].filter(isIn);
  const cells = rows.flatMap((row) => x.slice(row * columns, (row + 1) * columns));
  return {
    x: { rows: rows.length, columns, values: Float64Array.from(cells) },
    target:
      classes === undefined
        ? { problemType: "regression", values: Float64Array.from(rows, (row) => values![row]!) }
        : {
            problemType: "classification",
            codes: Int32Array.from(rows, (row) => classes[row]!),
            classes: Math.max(...classes) + 1,
          },
  };
}

/** Each fourth row is held out. */
const parts = new Map(
  Object.entries(golden.tables).map(([name, table]) => [
    name,
    { training: part(table, (row) => row % 4 !== 3), heldOut: part(table, (row) => row % 4 === 3) },
  ]),
);
export const trainingPart = (table: string): Part => parts.get(table)!.training;
const heldOutPart = (table: string): Part => parts.get(table)!.heldOut;

/** What we say of the held-out rows, after a way through JSON. */
export function heldOutAnswers({ operator, parameters, table }: Case, seed: number): Matrix {
  const input: FitInput = { ...trainingPart(table), seed };
  const fitted: unknown = JSON.parse(
    JSON.stringify(operators[operator].fit(input, parametersOf(operator, parameters))),
  );
  const { target, x } = input;
  const classes = target.problemType === "classification" ? target.classes : undefined;
  return steps[operator]!.read(fitted, { columns: x.columns, classes }).apply(heldOutPart(table).x);
}

/** R2, or the share of right classes. */
export function heldOutScore(one: Case, seed: number): number {
  const { columns, values } = heldOutAnswers(one, seed);
  const { target } = heldOutPart(one.table);
  if (target.problemType === "regression") return rSquared(target.values, values);
  const isRight = Array.from(target.codes, (code, row) => {
    const shares = values.subarray(row * columns, (row + 1) * columns);
    return shares.indexOf(Math.max(...shares)) === code;
  });
  return isRight.filter(Boolean).length / isRight.length;
}

function rSquared(truth: Float64Array, said: Float64Array): number {
  const mean = truth.reduce((sum, y) => sum + y / truth.length, 0);
  const squares = (of: (row: number) => number): number => truth.reduce((sum, y, row) => sum + (y - of(row)) ** 2, 0);
  return 1 - squares((row) => said[row]!) / squares(() => mean);
}

/** Of 33 comparisons one or two are beyond 2 standard errors by chance; with these seeds none is. */
export const seeds = Array.from({ length: 20 }, (_, seed) => 100 + seed);

export function summary(numbers: readonly number[]): Summary {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (numbers.length - 1);
  return { mean, error: Math.sqrt(variance / numbers.length) };
}

/** By how many standard errors of their difference two means differ. */
export function standardErrorsApart(a: Summary, b: Summary): number {
  const apart = Math.abs(a.mean - b.mean);
  return apart === 0 ? 0 : apart / Math.hypot(a.error, b.error);
}
