/**
 * Where an elastic net is least among all weights that have the same signs: there it is quadratic, so that equations answer
 * what coordinate descent only creeps up to where columns are much alike.
 */
import { cholesky, solveLower, solveUpper } from "./cholesky.ts";
import type { Penalty } from "./coordinate-descent.ts";
import { type Design, dot } from "./design.ts";

/** After so many weights have become 0 on the way, it is for coordinate descent again. */
const maxZeros = 20;

export class Faces {
  readonly #columns: readonly Float64Array[];
  readonly #ofTarget: Float64Array;
  /** Products of columns with each other, as far as they were needed; NaN where not. */
  readonly #products: Float64Array;

  constructor({ columns, y }: Design) {
    this.#columns = columns;
    this.#ofTarget = Float64Array.from(columns, (column) => dot(column, y));
    this.#products = new Float64Array(columns.length ** 2).fill(NaN);
  }

  /**
   * Better weights than these, none with another sign, zeros staying zeros: the best such, unless very many become 0.
   * Undefined where the equations have no single solution.
   */
  better(from: Float64Array, penalty: Penalty): Float64Array | undefined {
    const weights = from.slice();
    for (let zeros = 0; zeros < maxZeros; zeros++) {
      const active = Int32Array.from(weights.keys()).filter((c) => weights[c] !== 0);
      const wanted = this.#stationary(active, weights, penalty);
      if (wanted === undefined) return undefined;
      let [share, first]: [number, number | undefined] = [1, undefined];
      active.forEach((c, i) => {
        const toZero = weights[c]! / (weights[c]! - wanted[i]!);
        if (toZero > 0 && toZero < share) [share, first] = [toZero, c];
      });
      active.forEach((c, i) => (weights[c]! += share * (wanted[i]! - weights[c]!)));
      if (first === undefined) break;
      weights[first] = 0;
    }
    return weights;
  }

  /** The active weights at which no slope is left, were their signs to stay the same. */
  #stationary(active: Int32Array, weights: Float64Array, { l1, l2 }: Penalty): Float64Array | undefined {
    const size = active.length;
    const products = new Float64Array(size * size);
    active.forEach((a, i) => {
      for (let k = 0; k <= i; k++) products[i * size + k] = products[k * size + i] = this.#product(a, active[k]!);
      products[i * size + i]! += l2;
    });
    const lower = size === 0 ? products : cholesky(products, size);
    if (lower === undefined) return undefined;
    const wanted = Float64Array.from(active, (c) => this.#ofTarget[c]! - l1 * Math.sign(weights[c]!));
    solveLower(lower, wanted);
    solveUpper(lower, wanted);
    return wanted.every(Number.isFinite) ? wanted : undefined;
  }

  #product(a: number, b: number): number {
    const at = a * this.#columns.length + b;
    const known = this.#products[at]!;
    return Number.isNaN(known) ? (this.#products[at] = dot(this.#columns[a]!, this.#columns[b]!)) : known;
  }
}
