/**
 * All solutions of the lasso, 1/(2 rows) |y - Xw|² + strength |w|₁, by least angle regression (Efron, Hastie, Johnstone and
 * Tibshirani, "Least angle regression", 2004, with their modification for the lasso): as the strength falls, the active
 * coefficients move on a straight line, up to a kink where a column joins them, or leaves them because its coefficient is 0.
 * All active columns have the same product with the residual but for the sign, and no other column has a greater one.
 */
import { add, type Design, dot } from "./design.ts";
import { GrowingTriangle } from "./growing-triangle.ts";

/** Between two kinks the weights are on the straight line. */
export interface Kink {
  readonly strength: number;
  readonly weights: Float64Array;
}
export interface LarsOptions {
  /** The strength at which the path ends. */
  readonly least: number;
  readonly maxIterations: number;
}

// As in scikit-learn: strengths closer than the first are equal, and a column with less than the second at a right angle to
// the active ones can do nothing that they cannot.
const equalStrengths = 2 ** -23;
const leastAngle = 1e-7;
/** How much rounding may take from products that are equal, as a share. */
const rounding = 1e-9;

/** From the least strength that leaves no coefficient down: at least one kink, each of less strength than the one before. */
export function larsPath(design: Design, { least, maxIterations }: LarsOptions): Kink[] {
  const lars = new Lars(design);
  const kinks: Kink[] = [];
  for (let iteration = 0; ; iteration++) {
    const common = lars.enter();
    const last = kinks.at(-1);
    let strength = common / design.y.length;
    if (last !== undefined && strength >= last.strength) {
      // What is left of the target is nothing but rounding.
      if (strength > last.strength * (1 + rounding)) break;
      strength = last.strength;
      kinks.pop();
    }
    kinks.push({ strength, weights: lars.weights.slice() });
    if (strength <= least + equalStrengths) break;
    if (iteration === maxIterations || !lars.move(common)) break;
  }
  return endingAt(least, kinks);
}

/** With the last kink moved up to `least` where the path went on below it. */
function endingAt(least: number, kinks: Kink[]): Kink[] {
  const [above, below] = [kinks.at(-2), kinks.at(-1)!];
  if (above === undefined || below.strength >= least - equalStrengths) return kinks;
  const share = (above.strength - least) / (above.strength - below.strength);
  const weights = above.weights.map((weight, c) => weight + share * (below.weights[c]! - weight));
  return [...kinks.slice(0, -1), { strength: least, weights }];
}

/** Where on the path it is. */
class Lars {
  readonly weights: Float64Array;
  readonly #columns: readonly Float64Array[];
  readonly #ofTarget: Float64Array;
  /** Products of the columns with the residual. */
  readonly #left: Float64Array;
  /** Of columns that were ever active: the products with all columns. */
  readonly #products: (Float64Array | undefined)[];
  readonly #triangle = new GrowingTriangle();
  readonly #active: number[] = [];
  readonly #signs: number[] = [];
  /** Columns that may join the active ones. */
  readonly #free: Set<number>;
  /** The column that has just left the active ones, in the last step. */
  #gone: number | undefined;

  constructor({ columns, y }: Design) {
    this.weights = new Float64Array(columns.length);
    this.#columns = columns;
    this.#ofTarget = Float64Array.from(columns, (column) => dot(column, y));
    this.#left = this.#ofTarget.slice();
    this.#products = columns.map(() => undefined);
    this.#free = new Set(columns.keys());
  }

  /**
   * The column whose product with the residual is greatest joins the active ones, unless one has just left them.
   * @returns the product that the active columns have in common
   */
  enter(): number {
    let common = 0;
    for (;;) {
      const column = this.#greatest();
      const product = column === undefined ? 0 : Math.abs(this.#left[column]!);
      common = this.#active.length === 0 ? product : Math.max(common, product);
      const later = product < common * (1 - rounding);
      if (column === undefined || this.#gone !== undefined || later || this.#join(column)) return common;
    }
  }

  #greatest(): number | undefined {
    let [greatest, found]: [number, number | undefined] = [0, undefined];
    for (const column of this.#free) {
      const product = Math.abs(this.#left[column]!);
      // Of equal ones the first, whatever the order in which they became free.
      if (product < greatest || product === 0 || (product === greatest && column > found!)) continue;
      [greatest, found] = [product, column];
    }
    return found;
  }

  /** Answers false, and never tries it again, where the active columns can do all that this one can. */
  #join(column: number): boolean {
    const products = (this.#products[column] ??= Float64Array.from(this.#columns, (other) =>
      dot(this.#columns[column]!, other),
    ));
    this.#free.delete(column);
    const own = Float64Array.from([...this.#active, column], (active) => products[active]!);
    if (!this.#triangle.add(own, leastAngle)) return false;
    this.#active.push(column);
    this.#signs.push(Math.sign(this.#left[column]!));
    return true;
  }

  /** Goes on to the next kink; answers false where there is none. */
  move(common: number): boolean {
    const { solution, product } = this.#triangle.solve(this.#signs);
    // The product of the residual and the active columns falls by as much in a step of length 1.
    const fall = 1 / Math.sqrt(product);
    if (!(fall > 0)) return false;
    const direction = solution.map((value) => value * fall);
    const along = new Float64Array(this.#left.length);
    this.#active.forEach((column, i) => add(along, direction[i]!, this.#products[column]!));
    let length = this.#nextJoins(common, { fall, along });
    let leaves: number | undefined;
    this.#active.forEach((column, i) => {
      const toZero = -this.weights[column]! / direction[i]!;
      if (toZero > 0 && toZero < length) [length, leaves] = [toZero, i];
    });
    this.#active.forEach((column, i) => (this.weights[column]! += length * direction[i]!));
    add(this.#left, -length, along);
    this.#gone = leaves === undefined ? undefined : this.#leave(leaves);
    return Number.isFinite(length);
  }

  /** How far it is to where another column has the product that the active ones have in common, or to where that is 0. */
  #nextJoins(common: number, { fall, along }: { fall: number; along: Float64Array }): number {
    let length = common / fall;
    for (const column of this.#free) {
      const [left, change] = [this.#left[column]!, along[column]!];
      // The column that has just left may come back with the other sign alone.
      const gone = column === this.#gone ? Math.sign(left) : 0;
      const above = (common - left) / (fall - change);
      const below = (common + left) / (fall + change);
      if (gone !== 1 && above > 0 && above < length) length = above;
      if (gone !== -1 && below > 0 && below < length) length = below;
    }
    return length;
  }

  /** Answers the column. */
  #leave(place: number): number {
    const column = this.#active[place]!;
    this.#triangle.remove(place);
    this.#active.splice(place, 1);
    this.#signs.splice(place, 1);
    this.#free.add(column);
    this.weights[column] = 0;
    const products = this.#products[column]!;
    this.#left[column] = this.#ofTarget[column]! - dot(products, this.weights);
    return column;
  }
}
