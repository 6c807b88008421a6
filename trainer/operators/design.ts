/** Columns and target of a linear model, with what each is moved and divided by before the model is fitted. */
import type { Matrix } from "../../model/steps/step.ts";
import { isConstant } from "./columns.ts";

export interface Design {
  /** Each with mean 0 over these rows. */
  readonly columns: readonly Float64Array[];
  readonly means: Float64Array;
  /** What each column was divided by. */
  readonly scales: Float64Array;
  /** Squared Euclidean norms of the columns. */
  readonly norms: Float64Array;
  /** With mean 0 over these rows. */
  readonly y: Float64Array;
  readonly yMean: number;
  /** Squared Euclidean norm of y. */
  readonly squares: number;
}
export interface DesignOptions {
  /** Which rows count. */
  readonly rows: Int32Array;
  /** Whether columns are divided by their Euclidean norm once their mean is taken from them. */
  readonly normalize: boolean;
}

export function designOf(x: Matrix, target: Float64Array, { rows, normalize }: DesignOptions): Design {
  const means = new Float64Array(x.columns);
  const [scales, norms] = [means.slice(), means.slice()];
  const columns = Array.from(means.keys(), (c) => {
    const column = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) column[i] = x.values[rows[i]! * x.columns + c]!;
    const mean = centre(column);
    const norm = dot(column, column);
    const constant = isConstant({ mean, variance: norm / rows.length, rows: rows.length });
    const scale = normalize && !constant ? Math.sqrt(norm) : 1;
    for (let i = 0; i < column.length; i++) column[i] = constant ? 0 : column[i]! / scale;
    [means[c], scales[c], norms[c]] = [mean, scale, dot(column, column)];
    return column;
  });
  const y = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) y[i] = target[rows[i]!]!;
  const yMean = centre(y);
  return { columns, means, scales, norms, y, yMean, squares: dot(y, y) };
}

/** Takes the mean from each number; answers it. */
function centre(numbers: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]!;
  const mean = sum / numbers.length;
  for (let i = 0; i < numbers.length; i++) numbers[i]! -= mean;
  return mean;
}

/** Of as many numbers as `a` has. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** a += factor * b */
export function add(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!;
}
