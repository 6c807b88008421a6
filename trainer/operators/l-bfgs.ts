/**
 * The least value of a smooth convex function, by the limited-memory method of Broyden, Fletcher, Goldfarb and Shanno
 * (Nocedal and Wright, "Numerical optimization", 2006, algorithm 7.4): what the last few steps say about the second
 * derivatives corrects what is known about them beforehand.
 */
import { add, dot } from "./design.ts";

/** Fills in the gradient at `point` and answers the value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;
/** Multiplies in place by about the inverse of the second derivatives. */
export type Inverse = (direction: Float64Array) => void;

export interface MinimizeOptions {
  /** The greatest entry of the gradient at which it ends. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** About the inverse of the second derivatives at `point`; asked for again every ten steps. */
  readonly inverseAt: (point: Float64Array) => Inverse;
}

/** Steps that are remembered, and after which the inverse is asked for again. */
const memory = 10;

/** Changes `point` from where it begins to where the value is least. */
export function minimize(objective: Objective, point: Float64Array, options: MinimizeOptions): void {
  const gradient = new Float64Array(point.length);
  const next = { point: point.slice(), gradient: gradient.slice() };
  const steps: Step[] = [];
  let value = objective(point, gradient);
  let inverse = options.inverseAt(point);
  for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
    if (!gradient.some((slope) => Math.abs(slope) > options.tolerance)) return;
    const direction = directionOf(gradient, steps, inverse);
    const slope = dot(direction, gradient);
    // The step is halved until it goes down; what rounding adds is no way up.
    const slack = 4 * Number.EPSILON * Math.abs(value);
    let found = Infinity;
    for (let length = 1; length > 1e-12; length /= 2) {
      next.point.set(point);
      add(next.point, length, direction);
      found = objective(next.point, next.gradient);
      if (found <= value + 1e-4 * length * slope + slack) break;
    }
    if (!(found <= value + slack)) return;
    remember(steps, { point, gradient }, next);
    value = found;
    point.set(next.point);
    gradient.set(next.gradient);
    if (iteration % memory === 0) inverse = options.inverseAt(point);
  }
}

interface Place {
  readonly point: Float64Array;
  readonly gradient: Float64Array;
}
interface Step {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  /** Their product. */
  readonly curvature: number;
}

function remember(steps: Step[], from: Place, to: Place): void {
  const moved = to.point.slice();
  add(moved, -1, from.point);
  const turned = to.gradient.slice();
  add(turned, -1, from.gradient);
  const curvature = dot(moved, turned);
  // Where rounding has bent the function the other way, nothing is to be learnt.
  if (!(curvature > Number.EPSILON * dot(turned, turned))) return;
  if (steps.length === memory) steps.shift();
  steps.push({ moved, turned, curvature });
}

/** Downhill, about as far as the valley. */
function directionOf(gradient: Float64Array, steps: readonly Step[], inverse: Inverse): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const shares = steps.map(() => 0);
  for (let i = steps.length - 1; i >= 0; i--) {
    shares[i] = dot(steps[i]!.moved, direction) / steps[i]!.curvature;
    add(direction, -shares[i]!, steps[i]!.turned);
  }
  inverse(direction);
  const last = steps.at(-1);
  if (last !== undefined) {
    const turned = last.turned.slice();
    inverse(turned);
    const scale = last.curvature / dot(last.turned, turned);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  steps.forEach(({ moved, turned, curvature }, i) =>
    add(direction, shares[i]! - dot(turned, direction) / curvature, moved),
  );
  return direction;
}
