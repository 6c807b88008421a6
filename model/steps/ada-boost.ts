/**
 * Boosting by weights: a number is the weighted median of what the trees say (AdaBoost.R2), a class what the trees vote for
 * by their weights (SAMME), the votes made probabilities as scikit-learn makes them.
 */
import { LineError } from "../errors.ts";
import { asFields, finite, integers } from "../fields.ts";
import { fittedClasses, vector } from "./arrays.ts";
import { softmax } from "./softmax.ts";
import type { Matrix, Step } from "./step.ts";
import { type FittedTrees, findLeaves, readTrees, type Trees } from "./trees.ts";

export interface FittedAdaBoost extends FittedTrees {
  /** Of classes: those that had rows, ascending; the others have probability 0. */
  readonly classes?: readonly number[];
  /** By leaf: a number, or the class, counted among `classes`. */
  readonly value: readonly number[];
  /** By tree: above 0. */
  readonly weight: readonly number[];
}

interface Voters {
  readonly trees: Trees;
  readonly value: ArrayLike<number>;
  readonly weight: Float64Array;
}

export const adaBoost: Step = {
  kind: "predictor",
  read(fitted, { columns, classes }) {
    const fields = asFields(fitted);
    const trees = readTrees(fields, { columns });
    const weight = vector(fields, "weight", trees.roots.length);
    if (weight.some((w) => w <= 0)) throw new LineError("weight holds a number that is not above 0");
    if (classes === undefined) {
      const value = finite(fields, "value");
      return { columns: 1, apply: (x) => medians({ trees, value, weight }, x) };
    }
    const present = fittedClasses(fields, classes);
    const value = integers(fields, "value", { min: 0, max: present.length - 1 });
    return { columns: classes, apply: (x) => votes({ trees, value, weight }, x, { present, classes }) };
  },
};

function medians({ trees, value, weight }: Voters, x: Matrix): Matrix {
  const count = weight.length;
  const said = new Float64Array(x.rows * count);
  const leaves = new Int32Array(x.rows);
  trees.roots.forEach((root, tree) => {
    findLeaves(trees, root, { x, leaves });
    for (let row = 0; row < leaves.length; row++) said[row * count + tree] = value[leaves[row]!]!;
  });
  const values = Float64Array.from({ length: x.rows }, (_, row) =>
    weightedMedian(said.subarray(row * count, (row + 1) * count), weight),
  );
  return { rows: x.rows, columns: 1, values };
}

/** The least number such that half of the weight or more is on it and on lesser ones. */
export function weightedMedian(numbers: Float64Array, weight: Float64Array): number {
  const order = Int32Array.from(numbers.keys()).sort((a, b) => numbers[a]! - numbers[b]! || a - b);
  const half = weight.reduce((sum, w) => sum + w, 0) / 2;
  let sum = 0;
  for (const i of order) {
    sum += weight[i]!;
    if (sum >= half) return numbers[i]!;
  }
  return numbers[order.at(-1)!]!;
}

interface Classes {
  readonly present: Int32Array;
  readonly classes: number;
}

function votes({ trees, value, weight }: Voters, x: Matrix, { present, classes }: Classes): Matrix {
  const count = present.length;
  const values = new Float64Array(x.rows * classes);
  const leaves = new Int32Array(x.rows);
  const whole = weight.reduce((sum, w) => sum + w, 0);
  const shares = new Float64Array(x.rows * count);
  trees.roots.forEach((root, tree) => {
    findLeaves(trees, root, { x, leaves });
    const share = weight[tree]! / whole;
    for (let row = 0; row < leaves.length; row++) shares[row * count + value[leaves[row]!]!]! += share;
  });
  // A vote for a class is one against the others together: that changes the scores of all classes by the same number.
  const scale = count === 1 ? 1 : count / (count - 1) ** 2;
  for (let row = 0; row < x.rows; row++) {
    for (let k = 0; k < count; k++) shares[row * count + k]! *= scale;
    softmax(shares, row * count, count);
    present.forEach((code, k) => (values[row * classes + code] = shares[row * count + k]!));
  }
  return { rows: x.rows, columns: classes, values };
}
