/** Likenesses of two rows, by scikit-learn's names (sklearn/metrics/pairwise.py). Each is finite for numbers of common size. */

/** One row begins at `from` in `values`, the other one is `other`. */
export interface Pair {
  readonly values: Float64Array;
  readonly from: number;
  readonly other: Float64Array;
}

export type Kernel = (pair: Pair, gamma: number) => number;

/** Adds up what `term` says of each column's two numbers. */
function total({ values, from, other }: Pair, term: (a: number, b: number) => number): number {
  let sum = 0;
  for (let c = 0; c < other.length; c++) sum += term(values[from + c]!, other[c]!);
  return sum;
}

const product = (a: number, b: number): number => a * b;
const square = (a: number, b: number): number => (a - b) * (a - b);

/** Numbers below 0 count as 0: the kernels that use this are for shares and counts, and training refuses others. */
function chiSquare(a: number, b: number): number {
  const [x, y] = [Math.max(0, a), Math.max(0, b)];
  return x + y === 0 ? 0 : ((x - y) * (x - y)) / (x + y);
}

/** Of a row of zeros the norm counts as 1. */
const norm = (squares: number): number => (squares === 0 ? 1 : Math.sqrt(squares));

export const kernels: Readonly<Record<string, Kernel>> = {
  rbf: (pair, gamma) => Math.exp(-gamma * total(pair, square)),
  laplacian: (pair, gamma) => Math.exp(-gamma * total(pair, (a, b) => Math.abs(a - b))),
  linear: (pair) => total(pair, product),
  cosine: (pair) => total(pair, product) / norm(total(pair, (a) => a * a)) / norm(total(pair, (_, b) => b * b)),
  polynomial: (pair, gamma) => (gamma * total(pair, product) + 1) ** 3,
  sigmoid: (pair, gamma) => Math.tanh(gamma * total(pair, product) + 1),
  chi2: (pair, gamma) => Math.exp(-gamma * total(pair, chiSquare)),
  additive_chi2: (pair) => -total(pair, chiSquare),
};
