/**
 * Linear support vector machines by coordinate descent on the dual, one row at a time in random order, as in liblinear:
 * Hsieh and others, "A dual coordinate descent method for large-scale linear SVM", 2008 (classes), and Ho and Lin,
 * "Large-scale linear support vector regression", 2012 (numbers). The penalty is half the squared length of the weights. Rows
 * that rest firmly at a bound are passed over until the others have come to rest too.
 */
import { Active } from "./active.ts";
import { addRow, maxRounds, output, squaredNorms, type SvmProblem } from "./svm.ts";

/** Hinge loss, squared or not: a row of y * output below 1 costs C for what is missing. */
export interface DualProblem extends SvmProblem {
  readonly loss: "plain" | "squared";
}

/** A squared loss bounds no row's multiplier, and adds to its curvature instead. */
const boundOf = ({ loss, C }: DualProblem): { bound: number; ridge: number } =>
  loss === "squared" ? { bound: Infinity, ridge: 0.5 / C } : { bound: C, ridge: 0 };

/** Steps smaller than this are not taken. */
const least = 1e-12;

/** @returns the weights that tell rows of y = 1 from rows of y = -1 by their sign */
export function dualSvc(problem: DualProblem): Float64Array {
  const { x, y, tolerance, shuffle } = problem;
  const { bound, ridge } = boundOf(problem);
  const [weights, alpha] = [new Float64Array(x.columns), new Float64Array(x.rows)];
  const curvature = squaredNorms(x);
  const active = new Active(x.rows);
  let [above, below] = [Infinity, -Infinity];
  for (let round = 0; round < maxRounds; round++) {
    active.shuffle(shuffle);
    let [greatest, smallest] = [-Infinity, Infinity];
    for (let place = 0; place < active.count; place++) {
      const row = active.at(place);
      const [sign, before] = [y[row]!, alpha[row]!];
      const slope = sign * output(x, row, weights) - 1 + before * ridge;
      if ((before === 0 && slope > above) || (before === bound && slope < below)) {
        active.rest(place--);
        continue;
      }
      // At a bound only a slope that leads away from it counts.
      const projected = before === 0 ? Math.min(slope, 0) : before === bound ? Math.max(slope, 0) : slope;
      greatest = Math.max(greatest, projected);
      smallest = Math.min(smallest, projected);
      if (Math.abs(projected) <= least) continue;
      alpha[row] = Math.min(Math.max(before - slope / (curvature[row]! + ridge), 0), bound);
      addRow(weights, x, { row, times: (alpha[row] - before) * sign });
    }
    const settled = greatest - smallest <= tolerance;
    if (settled && !active.wake()) break;
    above = settled || greatest <= 0 ? Infinity : greatest;
    below = settled || smallest >= 0 ? -Infinity : smallest;
  }
  return weights;
}

/** @returns the weights whose outputs miss y by at most epsilon, or cost C for what is beyond */
export function dualSvr(problem: DualProblem & { readonly epsilon: number }): Float64Array {
  const { x, y, tolerance, shuffle } = problem;
  const { bound, ridge } = boundOf(problem);
  const [weights, beta] = [new Float64Array(x.columns), new Float64Array(x.rows)];
  const curvature = squaredNorms(x).map((norm) => norm + ridge);
  const active = new Active(x.rows);
  let [worst, enough] = [Infinity, 0];
  for (let round = 0; round < maxRounds; round++) {
    active.shuffle(shuffle);
    let [greatest, total] = [0, 0];
    for (let place = 0; place < active.count; place++) {
      const row = active.at(place);
      const before = beta[row]!;
      const slope = output(x, row, weights) - y[row]! + ridge * before;
      const slopes = { up: slope + problem.epsilon, down: slope - problem.epsilon };
      if (atRest(slopes, { value: before, bound, worst })) {
        active.rest(place--);
        continue;
      }
      const wrong = violation(slopes, before, bound);
      greatest = Math.max(greatest, wrong);
      total += wrong;
      const step = newtonStep(slopes, before, curvature[row]!);
      if (Math.abs(step) < least) continue;
      beta[row] = Math.min(Math.max(before + step, -bound), bound);
      addRow(weights, x, { row, times: beta[row] - before });
    }
    if (round === 0) enough = tolerance * total;
    const settled = total <= enough;
    if (settled && !active.wake()) break;
    worst = settled ? Infinity : greatest;
  }
  return weights;
}

/** Slopes of a function with a kink at 0: towards greater values (`up`), and towards smaller ones (`down`). */
export interface Slopes {
  readonly up: number;
  readonly down: number;
}

/** How far a value, between -bound and bound, is from where it ought to rest. */
export function violation({ up, down }: Slopes, value: number, bound: number): number {
  if (value === 0) return Math.max(0, -up, down);
  if (value >= bound) return Math.max(0, up);
  if (value <= -bound) return Math.max(0, -down);
  return Math.abs(value > 0 ? up : down);
}

/** Whether a value rests so firmly that it is left out for now: `worst` is the last round's greatest violation. */
function atRest({ up, down }: Slopes, of: { value: number; bound: number; worst: number }): boolean {
  if (of.value === 0) return up > of.worst && down < -of.worst;
  if (of.value >= of.bound) return up < -of.worst;
  return of.value <= -of.bound && down > of.worst;
}

/** The step to the least value of the quadratic with a kink at 0. */
export function newtonStep({ up, down }: Slopes, value: number, curvature: number): number {
  if (up < curvature * value) return -up / curvature;
  return down > curvature * value ? -down / curvature : -value;
}
