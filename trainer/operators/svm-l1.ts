/**
 * A linear support vector machine with squared hinge loss whose weights' absolute values are penalized, so that many of them
 * are 0: coordinate descent with a line search, one column at a time in random order, as in liblinear (Yuan, Chang, Hsieh
 * and Lin, "A comparison of optimization methods and software for large-scale L1-regularized linear classification", 2010).
 * Columns that rest firmly at 0 are passed over until the others have come to rest too; unlike in liblinear not for good
 * where that never happens.
 */
import { Active } from "./active.ts";
import { maxRounds, type SvmProblem } from "./svm.ts";
import { newtonStep, type Slopes, violation } from "./svm-dual.ts";

/** A step must bring this share of the decrease that its slope promises, and is halved so often until it does. */
const [promised, maxHalvings] = [0.01, 20];

/** How many rounds a column is passed over at most. */
const longestRest = 100;

/** @returns the weights that tell rows of y = 1 from rows of y = -1 by their sign */
export function l1Svc(problem: SvmProblem): Float64Array {
  const { x, tolerance, shuffle } = problem;
  const state = new Margins(problem);
  const active = new Active(x.columns);
  let [worst, enough] = [Infinity, 0];
  for (let round = 0; round < maxRounds; round++) {
    active.shuffle(shuffle);
    let [greatest, total] = [0, 0];
    for (let place = 0; place < active.count; place++) {
      const column = active.at(place);
      const { slope, curvature } = state.loss(column);
      const weight = state.weights[column]!;
      const slopes: Slopes = { up: slope + 1, down: slope - 1 };
      if (weight === 0 && Math.max(-slopes.up, slopes.down) < -worst / x.rows) {
        active.rest(place--);
        continue;
      }
      const wrong = violation(slopes, weight, Infinity);
      greatest = Math.max(greatest, wrong);
      total += wrong;
      const step = newtonStep(slopes, weight, curvature);
      if (Math.abs(step) >= 1e-12) state.move(column, step, slope);
    }
    if (round === 0) enough = tolerance * total;
    const settled = total <= enough;
    const woken = (settled || round % longestRest === longestRest - 1) && active.wake();
    if (settled && !woken) break;
    worst = woken ? Infinity : greatest;
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
      const lack = lacking[row]!;
      if (lack <= 0) continue;
      const value = values[row]!;
      slope -= value * lack;
      curvature += value * value;
    }
    return { slope: 2 * this.#C * slope, curvature: Math.max(2 * this.#C * curvature, 1e-12) };
  }

  /** Changes a weight by `step`, or by less where that would not pay. */
  move(column: number, step: number, slope: number): void {
    const [values, weight] = [this.#columns[column]!, this.weights[column]!];
    const expected = Math.abs(weight + step) - Math.abs(weight) + slope * step;
    let [moved, change] = [0, 0];
    for (let halvings = 0, share = 1; halvings < maxHalvings; halvings++, share /= 2) {
      change += this.#shift(values, share * step - moved);
      moved = share * step;
      if (change + Math.abs(weight + moved) - Math.abs(weight) <= promised * share * expected) {
        this.weights[column] = weight + moved;
        return;
      }
    }
    this.#shift(values, -moved);
  }

  /** @returns what the loss has more when a weight becomes greater by `by` */
  #shift(values: Float64Array, by: number): number {
    const lacking = this.#lacking;
    let [before, after] = [0, 0];
    for (let row = 0; row < values.length; row++) {
      const old = lacking[row]!;
      const now = old - by * values[row]!;
      lacking[row] = now;
      if (old > 0) before += old * old;
      if (now > 0) after += now * now;
    }
    return this.#C * (after - before);
  }
}
