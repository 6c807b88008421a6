/** Small tables for the operators of a search, and what an operator's step answers after a way through the model file. */
import type { Matrix } from "../../model/steps/step.ts";
import { steps } from "../../model/steps/table.ts";
import type { Parameters, Target } from "../../trainer/operators/operator.ts";
import { operators } from "../../trainer/operators/table.ts";
import type { OperatorName } from "../../traintask/operators.ts";

export function aMatrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

export function rowsOf({ rows, columns, values }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * columns, (row + 1) * columns)));
}

/** Classes where `classes` says how many there are. */
export function aTarget(y: readonly number[], classes?: number): Target {
  return classes === undefined
    ? { problemType: "regression", values: Float64Array.from(y) }
    : { problemType: "classification", codes: Int32Array.from(y), classes };
}

/** The first value that the operator's table has for each parameter, but for `overrides`. */
export function parametersOf(name: OperatorName, overrides: Parameters = {}): Parameters {
  const defaults = Object.entries(operators[name].parameters).map(([parameter, [first]]) => [parameter, first]);
  return { ...(Object.fromEntries(defaults) as Parameters), ...overrides };
}

export interface Fit {
  readonly x: Matrix;
  readonly target: Target;
  readonly parameters?: Parameters;
  readonly seed?: number;
}

/** What the model file holds of a fitted operator. */
export function fittedOf(name: OperatorName, { x, target, parameters, seed = 1 }: Fit): unknown {
  const fitted = operators[name].fit({ x, target, seed }, parametersOf(name, parameters));
  return JSON.parse(JSON.stringify(fitted)) as unknown;
}

export function answersOf(name: OperatorName, fit: Fit, rows: Matrix = fit.x): Matrix {
  return applied(name, { fitted: fittedOf(name, fit), target: fit.target }, rows);
}

export function applied(name: OperatorName, of: { fitted: unknown; target: Target }, rows: Matrix): Matrix {
  const classes = of.target.problemType === "classification" ? of.target.classes : undefined;
  return steps[name]!.read(of.fitted, { columns: rows.columns, classes }).apply(rows);
}
