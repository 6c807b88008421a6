/**
 * Linear support vector machines with a squared loss by Newton's method on the weights themselves. The cost is quadratic
 * between kinks, so a few steps end at its least value: Keerthi and DeCoste, "A modified finite Newton method for fast
 * solution of large scale linear SVMs", 2005.
 */
import { cholesky, solveLower, solveUpper } from "./cholesky.ts";
import { dot } from "./design.ts";
import { OperatorError } from "./operator.ts";
import { weightedSquares } from "./row-sum.ts";
import { addRow, output, type SvmProblem } from "./svm.ts";

export interface NewtonProblem extends Omit<SvmProblem, "shuffle"> {
  /** By how much an output misses y, as far as that costs: its square times C is the row's loss. */
  readonly miss: (output: number, y: number) => number;
}

/** The last is how small a share of the slope at the start counts as none. */
const [maxSteps, maxTrials, enoughOfDescent] = [100, 30, 1e-3];

/** @returns the weights of least cost: half their squared length, and C times the squared misses */
export function newtonSvm(problem: NewtonProblem): Float64Array {
  const { x, tolerance } = problem;
  const weights = new Float64Array(x.columns);
  let outputs = new Float64Array(x.rows);
  let enough = 0;
  for (let taken = 0; taken < maxSteps; taken++) {
    const slope = slopeAt(problem, weights, outputs);
    const steepness = Math.sqrt(dot(slope, slope));
    if (taken === 0) enough = tolerance * steepness;
    if (steepness <= enough) break;
    const direction = newtonDirection(problem, outputs, slope);
    const along = outputs.map((_, row) => output(x, row, direction));
    const share = shareOfStep(problem, { weights, outputs, direction, along, descent: dot(slope, direction) });
    if (share === 0) break;
    for (let c = 0; c < weights.length; c++) weights[c]! += share * direction[c]!;
    outputs = outputs.map((value, row) => value + share * along[row]!);
  }
  return weights;
}

function slopeAt({ x, y, C, miss }: NewtonProblem, weights: Float64Array, outputs: Float64Array): Float64Array {
  const slope = Float64Array.from(weights);
  for (let row = 0; row < x.rows; row++) {
    const missed = miss(outputs[row]!, y[row]!);
    if (missed !== 0) addRow(slope, x, { row, times: 2 * C * missed });
  }
  return slope;
}

/** Where the cost would be least if the rows that cost something stayed the same ones. */
function newtonDirection({ x, y, C, miss }: NewtonProblem, outputs: Float64Array, slope: Float64Array): Float64Array {
  const { columns, values } = x;
  const weights = outputs.map((value, row) => (miss(value, y[row]!) === 0 ? 0 : 2 * C));
  const curvature = weightedSquares({ x: values, columns }, weights);
  for (let a = 0; a < columns; a++) curvature[a * columns + a]! += 1;
  const lower = cholesky(curvature, columns);
  if (lower === undefined) throw new OperatorError("the columns are too large, or too unlike in size: scale them");
  const direction = slope.map((value) => -value);
  solveLower(lower, direction);
  solveUpper(lower, direction);
  return direction;
}

interface Step {
  readonly weights: Float64Array;
  readonly outputs: Float64Array;
  readonly direction: Float64Array;
  /** What the whole step adds to the outputs. */
  readonly along: Float64Array;
  /** The cost's slope along it, below 0. */
  readonly descent: number;
}

/**
 * @returns the share of the step at which the cost is least: its slope is 0 there, which Newton's method finds within
 * bounds, as the slope only grows; 0 where rounding lets the cost fall no more
 */
function shareOfStep(problem: NewtonProblem, step: Step): number {
  let [low, high, share] = [0, Infinity, 1];
  for (let trial = 0; trial < maxTrials; trial++) {
    const { slope, bend } = alongStep(problem, step, share);
    if (Math.abs(slope) <= enoughOfDescent * Math.abs(step.descent)) break;
    if (slope > 0) high = share;
    else low = share;
    share -= slope / bend;
    if (!(share > low && share < high)) share = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return costAt(problem, step, share) < costAt(problem, step, 0) ? share : 0;
}

/** First and second derivative of the cost by the share of the step that is taken. */
function alongStep({ y, C, miss }: NewtonProblem, step: Step, share: number): { slope: number; bend: number } {
  const { weights, outputs, direction, along } = step;
  let [slope, bend] = [0, 0];
  for (let row = 0; row < y.length; row++) {
    const missed = miss(outputs[row]! + share * along[row]!, y[row]!);
    if (missed === 0) continue;
    slope += missed * along[row]!;
    bend += along[row]! ** 2;
  }
  const length = dot(direction, direction);
  return { slope: dot(weights, direction) + share * length + 2 * C * slope, bend: length + 2 * C * bend };
}

function costAt({ y, C, miss }: NewtonProblem, { weights, outputs, direction, along }: Step, share: number): number {
  let [length, losses] = [0, 0];
  for (let c = 0; c < weights.length; c++) length += (weights[c]! + share * direction[c]!) ** 2;
  for (let row = 0; row < y.length; row++) losses += miss(outputs[row]! + share * along[row]!, y[row]!) ** 2;
  return length / 2 + C * losses;
}
