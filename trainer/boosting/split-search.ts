/**
 * The best cut of a node, from its histogram. A cut is judged by what it gains, as in scikit-learn and XGBoost (Chen and Guestrin, 2016,
 * equation 7): with G the sum of gradients and H that of hessians,
 *
 *     gain = G_left^2 / (H_left + l2) + G_right^2 / (H_right + l2) - G^2 / (H + l2)
 *
 * Of equal cuts the one of the lower column counts, then of the lower bin, then the one that sends missing values right. Both
 * sides enter the score alike, so a cut and its mirror image in another column are equal to the last bit.
 */
import { missingCode } from "../../model/encode.ts";
import type { Scales } from "./content.ts";
import { binsPerColumn } from "./kernels.ts";

/** Least sum of hessians of a child, as in scikit-learn. */
const minHessian = 1e-3;
/** A gain below this share of the score is what rounding makes of 0. */
const noise = 2 ** -46;

export interface Sums {
  /** Rows and hessians, as in content.ts. */
  readonly population: number;
  readonly gradient: number;
}

export interface Split {
  readonly place: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  /** In the unit of the loss. */
  readonly gain: number;
  readonly left: Sums;
}

export interface SearchOptions {
  /** Codes of each column, by place: bins or categories, without that of missing values. */
  readonly bins: Int32Array;
  readonly minSamplesLeaf: number;
  readonly l2Regularization: number;
}

export class SplitSearch {
  readonly #bins: Int32Array;
  readonly #options: SearchOptions;
  #rowUnit = 1;
  #perRowUnit = 1;
  #minPopulation = 0;
  #minHessian = 0;
  #l2 = 0;
  #toLoss = 1;
  #population = 0;
  #gradient = 0;

  #score = 0;
  #place = -1;
  #bin = 0;
  #missingLeft = false;
  #leftPopulation = 0;
  #leftGradient = 0;

  constructor(options: SearchOptions) {
    this.#bins = options.bins;
    this.#options = options;
  }

  /** Says in which units the histograms of the next nodes are. */
  begin({ rowUnit, gradient, hessian }: Scales): void {
    this.#rowUnit = rowUnit;
    this.#perRowUnit = 1 / rowUnit;
    this.#minPopulation = this.#options.minSamplesLeaf * rowUnit;
    this.#minHessian = minHessian * hessian;
    this.#l2 = this.#options.l2Regularization * hessian;
    this.#toLoss = hessian / gradient / gradient;
  }

  /** Rows of a population. */
  rowsIn(population: number): number {
    return Math.floor(population * this.#perRowUnit);
  }

  /** The best cut of a node with these sums, whose histogram begins at `at`; undefined where none gains. */
  search(histograms: Float64Array, at: number, { population, gradient }: Sums): Split | undefined {
    this.#population = population;
    this.#gradient = gradient;
    const hessian = population - this.rowsIn(population) * this.#rowUnit;
    const own = hessian + this.#l2 > 0 ? (gradient * gradient) / (hessian + this.#l2) : 0;
    const least = own + own * noise;
    this.#score = least;
    this.#place = -1;
    for (let place = 0; place < this.#bins.length; place++) {
      const column = at + place * binsPerColumn * 2;
      if (histograms[column + missingCode * 2] === 0) this.#searchKnown(histograms, column, place);
      else this.#searchMissing(histograms, column, place);
    }
    if (this.#place < 0) return undefined;
    const left = { population: this.#leftPopulation, gradient: this.#leftGradient };
    const gain = (this.#score - own) * this.#toLoss;
    return { place: this.#place, bin: this.#bin, missingLeft: this.#missingLeft, gain, left };
  }

  /** The cuts of a column in which no row of the node misses its value: later ones go to the larger side. */
  #searchKnown(histograms: Float64Array, column: number, place: number): void {
    const population = this.#population;
    const gradient = this.#gradient;
    const minPopulation = this.#minPopulation;
    const least = this.#minHessian;
    const l2 = this.#l2;
    const rowUnit = this.#rowUnit;
    const perRowUnit = this.#perRowUnit;
    const end = column + (this.#bins[place]! - 1) * 2;
    let best = this.#score;
    let bestAt = -1;
    let left = 0;
    let g = 0;
    for (let i = column; i < end; i += 2) {
      left += histograms[i]!;
      g += histograms[i + 1]!;
      if (left < minPopulation) continue;
      const right = population - left;
      if (right < minPopulation) break;
      const h = left - Math.floor(left * perRowUnit) * rowUnit;
      const hRight = right - Math.floor(right * perRowUnit) * rowUnit;
      if (h < least) continue;
      if (hRight < least) break;
      const gRight = gradient - g;
      const a = h + l2;
      const b = hRight + l2;
      const score = (g * g * b + gRight * gRight * a) / (a * b);
      if (score <= best) continue;
      best = score;
      bestAt = i;
      this.#leftPopulation = left;
      this.#leftGradient = g;
    }
    if (bestAt < 0) return;
    this.#score = best;
    this.#place = place;
    this.#bin = (bestAt - column) >> 1;
    this.#missingLeft = 2 * this.rowsIn(this.#leftPopulation) > this.rowsIn(population);
  }

  /** The cuts of a column with missing values, each with them right and left; the last parts them from all others. */
  #searchMissing(histograms: Float64Array, column: number, place: number): void {
    const missing = histograms[column + missingCode * 2]!;
    const gMissing = histograms[column + missingCode * 2 + 1]!;
    let left = 0;
    let g = 0;
    for (let bin = 0; bin < this.#bins[place]!; bin++) {
      left += histograms[column + bin * 2]!;
      g += histograms[column + bin * 2 + 1]!;
      if (this.#offer(left, g)) this.#take(place, bin, false);
      if (this.#offer(left + missing, g + gMissing)) this.#take(place, bin, true);
    }
  }

  /** Whether these sums on the left are better than all before, which they then are measured by. */
  #offer(left: number, g: number): boolean {
    const right = this.#population - left;
    if (left < this.#minPopulation || right < this.#minPopulation) return false;
    const h = left - this.rowsIn(left) * this.#rowUnit;
    const hRight = right - this.rowsIn(right) * this.#rowUnit;
    if (h < this.#minHessian || hRight < this.#minHessian) return false;
    const gRight = this.#gradient - g;
    const a = h + this.#l2;
    const b = hRight + this.#l2;
    const score = (g * g * b + gRight * gRight * a) / (a * b);
    if (score <= this.#score) return false;
    this.#score = score;
    this.#leftPopulation = left;
    this.#leftGradient = g;
    return true;
  }

  #take(place: number, bin: number, missingLeft: boolean): void {
    this.#place = place;
    this.#bin = bin;
    this.#missingLeft = missingLeft;
  }
}
