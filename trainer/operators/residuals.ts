/**
 * What is left of the target while the coefficients of its columns change: the residual itself, or, where the rows are
 * more than the columns, the products of the residual with the columns alone, which takes less to keep up to date.
 */
import { add, type Design, dot } from "./design.ts";

export interface Residuals {
  /** Product of column c with the residual. */
  correlation(c: number): number;
  /** The coefficient of column c grows by `change`. */
  move(c: number, change: number): void;
  /**
   * Fills in the products of all columns with the residual.
   * @returns products of the residual with itself and with the target
   */
  read(correlations: Float64Array, weights: Float64Array): { squares: number; withTarget: number };
}

/** Of coefficients that are all 0. */
export function residuals(design: Design): Residuals {
  return design.y.length > design.columns.length ? ofProducts(design) : ofRows(design);
}

function ofRows({ columns, y }: Design): Residuals {
  const residual = y.slice();
  return {
    correlation: (c) => dot(columns[c]!, residual),
    move: (c, change) => add(residual, -change, columns[c]!),
    read(correlations) {
      for (let c = 0; c < columns.length; c++) correlations[c] = dot(columns[c]!, residual);
      return { squares: dot(residual, residual), withTarget: dot(residual, y) };
    },
  };
}

function ofProducts({ columns, y, squares }: Design): Residuals {
  const products = columns.map((column) => Float64Array.from(columns, (other) => dot(column, other)));
  const ofTarget = Float64Array.from(columns, (column) => dot(column, y));
  const left = ofTarget.slice();
  return {
    correlation: (c) => left[c]!,
    move: (c, change) => add(left, -change, products[c]!),
    read(correlations, weights) {
      correlations.set(left);
      const withTarget = squares - dot(weights, ofTarget);
      return { squares: withTarget - dot(weights, left), withTarget };
    },
  };
}
