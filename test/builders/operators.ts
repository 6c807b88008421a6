/** Input of a search's operators, and what their steps answer. */
import type { Matrix } from "../../model/steps/step.ts";
import { steps } from "../../model/steps/table.ts";
import type { FitInput, Parameters, Target } from "../../trainer/operators/operator.ts";
import { operators } from "../../trainer/operators/table.ts";
import type { OperatorName } from "../../traintask/operators.ts";

export function aMatrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

export function rowsOf({ rows, columns, values }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * columns, (row + 1) * columns)));
}

/** @param classes default: one more than the greatest code */
export function classTarget(codes: readonly number[], classes = Math.max(...codes) + 1): Target {
  return { problemType: "classification", codes: Int32Array.from(codes), classes };
}

export function numberTarget(values: readonly number[]): Target {
  return { problemType: "regression", values: Float64Array.from(values) };
}

export function aFitInput(x: readonly (readonly number[])[], target = numberTarget(x.map(() => 0))): FitInput {
  return { x: aMatrix(x), target, seed: 1 };
}

/** Every parameter's default, and what is given instead. */
export function parametersOf(name: OperatorName, given: Parameters = {}): Parameters {
  const defaults = Object.entries(operators[name].parameters).map(
    ([parameter, [first]]) => [parameter, first] as const,
  );
  return { ...Object.fromEntries(defaults), ...given };
}

/** Fits, goes through JSON as a model file does, and applies to `rows`, or else to the rows it was fitted on. */
export function answersOf(
  name: OperatorName,
  input: FitInput,
  { rows, parameters }: { rows?: readonly (readonly number[])[]; parameters?: Parameters } = {},
): number[][] {
  const fitted: unknown = JSON.parse(JSON.stringify(operators[name].fit(input, parametersOf(name, parameters))));
  const { target, x } = input;
  const classes = target.problemType === "classification" ? target.classes : undefined;
  const step = steps[name]!.read(fitted, { columns: x.columns, classes });
  return rowsOf(step.apply(rows === undefined ? x : aMatrix(rows)));
}
