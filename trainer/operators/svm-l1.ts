/**
 * A linear support vector machine with squared hinge loss whose weights' absolute values are penalized, so that many of them
 * are 0: coordinate descent with a line search, one column at a time in random order, as in liblinear (Yuan, Chang, Hsieh
 * and Lin, "A comparison of optimization methods and software for large-scale L1-regularized linear classification", 2010),
 * but for its shrinking, which may pass over a column for good.
 */
import { inOrder, maxRounds, type SvmProblem } from "./svm.ts";
import { newtonStep, type Slopes, violation } from "./svm-dual.ts";

/** A step must bring this share of the decrease that its slope promises, and is halved so often until it does. */
const [promised, maxHalvings] = [0.01, 20];

/** @returns the weights that tell rows of y = 1 from rows of y = -1 by their sign */
export function l1Svc(problem: SvmProblem): Float64Array {
  const { x, tolerance, shuffle } = problem;
  const state = new Margins(problem);
  const order = inOrder(x.columns);
  let enough = 0;
  for (let round = 0; round < maxRounds; round++) {
    shuffle(order);
    let total = 0;
    for (const column of order) {
      const { slope, curvature } = state.loss(column);
      const weight = state.weights[column]!;
      const slopes: Slopes = { up: slope + 1, down: slope - 1 };
      total += violation(slopes, weight, Infinity);
      const step = newtonStep(slopes, weight, curvature);
      if (Math.abs(step) >= 1e-12) state.move(column, step, slope);
    }
    if (round === 0) enough = tolerance * total;
    if (total <= enough) break;
  }
  return state.weights;
}

/** The weights, and what each row lacks of 1 with them: 1 - y * output. */
class Margins {
  readonly weights: Float64Array;
  readonly #columns: readonly Float64Array[];
  readonly #lacking: Float64Array;
  readonly #C: number;

  constructor({ x, y, C }: SvmProblem) {
    this.weights = new Float64Array(x.columns);
    this.#columns = Array.from({ length: x.columns }, (_, c) =>
      y.map((sign, row) => sign * x.values[row * x.columns + c]!),
    );
    this.#lacking = new Float64Array(x.rows).fill(1);
    this.#C = C;
  }

  /** First and second derivative of the loss by one weight. */
  loss(column: number): { slope: number; curvature: number } {
    const [values, lacking] = [this.#columns[column]!, this.#lacking];
    let [slope, curvature] = [0, 0];
    for (let row = 0; row < values.length; row++) {
      if (lacking[row]! <= 0) continue;
      slope -= values[row]! * lacking[row]!;
      curvature += values[row]! ** 2;
    }
    return { slope: 2 * this.#C * slope, curvature: Math.max(2 * this.#C * curvature, 1e-12) };
  }

  /** Changes a weight by `step`, or by less where that would not pay. */
  move(column: number, step: number, slope: number): void {
    const [values, weight] = [this.#columns[column]!, this.weights[column]!];
    const expected = Math.abs(weight + step) - Math.abs(weight) + slope * step;
    const before = this.#cost(values, 0);
    for (let halvings = 0, share = 1; halvings < maxHalvings; halvings++, share /= 2) {
      const moved = share * step;
      const penalty = Math.abs(weight + moved) - Math.abs(weight);
      if (penalty + this.#cost(values, moved) - before > promised * share * expected) continue;
      this.weights[column] = weight + moved;
      for (let row = 0; row < values.length; row++) this.#lacking[row]! -= moved * values[row]!;
      return;
    }
  }

  /** The loss, were a weight greater by `moved`. */
  #cost(values: Float64Array, moved: number): number {
    let sum = 0;
    for (let row = 0; row < values.length; row++) {
      const lacking = this.#lacking[row]! - moved * values[row]!;
      if (lacking > 0) sum += lacking * lacking;
    }
    return this.#C * sum;
  }
}
