/**
 * Least squares with penalties on the absolute values and the squares of the coefficients,
 *
 *   1/2 |y - Xw|² + l1 |w|₁ + l2/2 |w|²,
 *
 * by cyclic coordinate descent (Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via
 * coordinate descent", 2010), step by step as in scikit-learn: it ends when the duality gap is small, and leaves out
 * columns that the gap proves to be useless (Ndiaye et al., "Gap safe screening rules", 2017).
 */
import type { Design } from "./design.ts";
import { residuals } from "./residuals.ts";

export interface Penalty {
  /** Above 0. */
  readonly l1: number;
  readonly l2: number;
}
export interface Stopping {
  /** The greatest duality gap, as a share of |y|². */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** @returns what solves for one penalty after the other, each beginning where the last one ended, and answers w (no copy) */
export function coordinateDescent(design: Design, stopping: Stopping): (penalty: Penalty) => Float64Array {
  const { norms } = design;
  const weights = new Float64Array(norms.length);
  const state = residuals(design);
  const active: number[] = [];
  const correlations = new Float64Array(norms.length);
  const most = stopping.tolerance * design.squares;

  function drop(c: number): void {
    state.move(c, -weights[c]!);
    weights[c] = 0;
  }
  function screen({ l1, l2 }: Penalty, { gap, norm }: Gap, among: readonly number[]): void {
    const radius = Math.sqrt(2 * Math.abs(gap)) / l1;
    active.length = 0;
    for (const c of among) {
      const slack = (1 - Math.abs(correlations[c]! / Math.max(l1, norm))) / Math.sqrt(norms[c]! + l2);
      if (norms[c] !== 0 && slack <= radius) active.push(c);
      else if (weights[c] !== 0) drop(c);
    }
  }
  /** Whether the greatest change of a coefficient was small beside the greatest coefficient. */
  function sweep({ l1, l2 }: Penalty): boolean {
    let [change, greatest] = [0, 0];
    for (const c of active) {
      const [before, norm] = [weights[c]!, norms[c]!];
      const wanted = state.correlation(c) + before * norm;
      const after = (Math.sign(wanted) * Math.max(Math.abs(wanted) - l1, 0)) / (norm + l2);
      weights[c] = after;
      if (after !== before) state.move(c, after - before);
      change = Math.max(change, Math.abs(after - before));
      greatest = Math.max(greatest, Math.abs(after));
    }
    return greatest === 0 || change / greatest <= stopping.tolerance;
  }
  function gapOf({ l1, l2 }: Penalty): Gap {
    const { squares, withTarget } = state.read(correlations, weights);
    let [absolute, square, norm] = [0, 0, 0];
    for (let c = 0; c < weights.length; c++) {
      absolute += Math.abs(weights[c]!);
      square += weights[c]! ** 2;
      correlations[c]! -= l2 * weights[c]!;
      norm = Math.max(norm, Math.abs(correlations[c]!));
    }
    const scale = norm > l1 ? l1 / norm : 1;
    const quadratic = squares + l2 * square;
    return { gap: 0.5 * quadratic + l1 * absolute - (scale * withTarget - 0.5 * scale ** 2 * quadratic), norm };
  }

  const all = Array.from(weights.keys());
  return (penalty) => {
    let gap = gapOf(penalty);
    if (gap.gap >= 0 && gap.gap <= most) return weights;
    screen(penalty, gap, all);
    for (let iteration = 1; iteration <= stopping.maxIterations; iteration++) {
      if (!sweep(penalty)) continue;
      gap = gapOf(penalty);
      if (gap.gap <= most) break;
      screen(penalty, gap, [...active]);
    }
    return weights;
  };
}

interface Gap {
  /** What the objective is above its least value, at most. */
  readonly gap: number;
  /** Greatest absolute value in X'(y - Xw) - l2 w. */
  readonly norm: number;
}
