/**
 * Least squares with penalties on the absolute values and the squares of the coefficients,
 *
 *   1/2 |y - Xw|² + l1 |w|₁ + l2/2 |w|²,
 *
 * by cyclic coordinate descent (Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via
 * coordinate descent", 2010), step by step as in scikit-learn: it ends when the duality gap is small, and leaves out
 * columns that the gap proves to be useless (Ndiaye et al., "Gap safe screening rules", 2017). Where it only creeps, because
 * columns are much alike, equations help (faces.ts).
 */
import type { Design } from "./design.ts";
import { Faces } from "./faces.ts";
import { type Residuals, residuals } from "./residuals.ts";

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

interface Gap {
  /** What the objective is above its least value, at most. */
  readonly gap: number;
  /** Greatest absolute value in X'(y - Xw) - l2 w. */
  readonly norm: number;
}

/** How many multiplications sweeps may take for one penalty before equations are solved instead. */
const patience = 2 ** 16;

/** Solves for one penalty after the other, each time beginning where it ended before, first with all coefficients 0. */
export class CoordinateDescent {
  readonly #norms: Float64Array;
  readonly #residuals: Residuals;
  readonly #stopping: Stopping;
  /** The duality gap at which it ends. */
  readonly #smallGap: number;
  readonly #weights: Float64Array;
  /** X'(y - Xw) - l2 w, when the gap was last asked for. */
  readonly #correlations: Float64Array;
  /** Columns that may have a coefficient, as far as it is known. */
  #active: number[] = [];
  readonly #design: Design;
  /** Made when it is first needed. */
  #faces: Faces | undefined;

  constructor(design: Design, stopping: Stopping) {
    this.#design = design;
    this.#norms = design.norms;
    this.#residuals = residuals(design);
    this.#stopping = stopping;
    this.#smallGap = stopping.tolerance * design.squares;
    this.#weights = new Float64Array(design.norms.length);
    this.#correlations = this.#weights.slice();
  }

  /** Answers w, which the next call changes. */
  solve(penalty: Penalty): Float64Array {
    let found = this.#gap(penalty);
    // Of products alone the gap may come out below 0 by rounding, and says nothing then.
    if (found.gap >= 0 && found.gap <= this.#smallGap) return this.#weights;
    this.#active = Array.from(this.#weights.keys());
    this.#screen(penalty, found);
    const { columns, y } = this.#design;
    let work = 0;
    for (let iteration = 1; iteration <= this.#stopping.maxIterations; iteration++) {
      work += 2 * this.#active.length * Math.min(columns.length, y.length);
      if (work > patience) {
        this.#jump(penalty);
        work = 0;
      }
      if (!this.#sweep(penalty)) continue;
      found = this.#gap(penalty);
      if (found.gap <= this.#smallGap) break;
      this.#screen(penalty, found);
    }
    return this.#weights;
  }

  /** Each active coefficient in turn becomes the best one beside the others. Answers whether the changes were small. */
  #sweep({ l1, l2 }: Penalty): boolean {
    let [change, greatest] = [0, 0];
    for (const c of this.#active) {
      const [before, norm] = [this.#weights[c]!, this.#norms[c]!];
      const wanted = this.#residuals.correlation(c) + before * norm;
      const after = (Math.sign(wanted) * Math.max(Math.abs(wanted) - l1, 0)) / (norm + l2);
      if (after !== before) this.#set(c, after);
      change = Math.max(change, Math.abs(after - before));
      greatest = Math.max(greatest, Math.abs(after));
    }
    return greatest === 0 || change / greatest <= this.#stopping.tolerance;
  }

  #jump(penalty: Penalty): void {
    this.#faces ??= new Faces(this.#design);
    this.#faces.better(this.#weights, penalty)?.forEach((weight, c) => {
      if (weight !== this.#weights[c]) this.#set(c, weight);
    });
  }

  #set(column: number, weight: number): void {
    this.#residuals.move(column, weight - this.#weights[column]!);
    this.#weights[column] = weight;
  }

  #gap({ l1, l2 }: Penalty): Gap {
    const [weights, correlations] = [this.#weights, this.#correlations];
    const { squares, withTarget } = this.#residuals.read(correlations, weights);
    let [absolute, square, norm] = [0, 0, 0];
    for (let c = 0; c < weights.length; c++) {
      absolute += Math.abs(weights[c]!);
      square += weights[c]! ** 2;
      correlations[c]! -= l2 * weights[c]!;
      norm = Math.max(norm, Math.abs(correlations[c]!));
    }
    const quadratic = squares + l2 * square;
    const scale = norm > l1 ? l1 / norm : 1;
    const primal = 0.5 * quadratic + l1 * absolute;
    const dual = scale * withTarget - 0.5 * scale ** 2 * quadratic;
    return { gap: primal - dual, norm };
  }

  /** Leaves out active columns whose coefficient is 0 wherever the objective is least. */
  #screen({ l1, l2 }: Penalty, { gap, norm }: Gap): void {
    const radius = Math.sqrt(2 * Math.abs(gap)) / l1;
    this.#active = this.#active.filter((c) => {
      if (this.#norms[c] === 0) return false;
      const slack = 1 - Math.abs(this.#correlations[c]! / Math.max(l1, norm));
      const stays = slack / Math.sqrt(this.#norms[c]! + l2) <= radius;
      if (!stays && this.#weights[c] !== 0) this.#set(c, 0);
      return stays;
    });
  }
}
