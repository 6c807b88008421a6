/**
 * Columns for a kernel, from some rows drawn at random, as scikit-learn's Nystroem: Williams and Seeger, "Using the Nystroem
 * method to speed up kernel machines", 2001. `gamma` leaves out TPOT's 0, which makes all rows alike, and `kernel` its
 * second name for polynomial. A kernel's directions that hold nothing but rounding errors are left at 0.
 */
import { Matrix as Square } from "ml-matrix";
import { kernels } from "../../model/steps/kernels.ts";
import type { FittedNystroem } from "../../model/steps/nystroem.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { eigen } from "./eigen.ts";
import { finiteNumbers, type Operator, OperatorError } from "./operator.ts";
import { shuffler } from "./shuffle.ts";

export const nystroem: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: {
    kernel: ["rbf", "cosine", "chi2", "laplacian", "polynomial", "linear", "additive_chi2", "sigmoid"],
    gamma: [0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1],
    nComponents: [10, 1, 2, 3, 4, 5, 6, 8],
  },
  fit({ x, seed }, parameters): FittedNystroem {
    const { kernel, gamma, nComponents } = parameters as { kernel: string; gamma: number; nComponents: number };
    if (kernel.endsWith("chi2") && x.values.some((value) => value < 0))
      throw new OperatorError(`the kernel ${kernel} takes no numbers below 0`);
    const order = Int32Array.from({ length: x.rows }, (_, row) => row);
    shuffler(seed)(order);
    return nystroemOf(x, { kernel, gamma, basis: order.subarray(0, nComponents) });
  },
};

/** @param options.basis which rows others are compared with */
export function nystroemOf(
  { rows: count, columns, values }: Matrix,
  { kernel, gamma, basis }: { kernel: string; gamma: number; basis: Int32Array },
): FittedNystroem {
  const rows = Array.from(basis, (row) => values.slice(row * columns, (row + 1) * columns));
  const likenessTo = (other: Float64Array): number[] => {
    const found = Float64Array.from({ length: count }, (_, row) =>
      kernels[kernel]!({ values, from: row * columns, other }, gamma),
    );
    return finiteNumbers(`the kernel ${kernel}`, found);
  };
  const likeness = rows.map((row) => likenessTo(row)).map((all) => Array.from(basis, (row) => all[row]!));
  return {
    kernel,
    gamma,
    basis: rows.map((row) => Array.from(row)),
    rotation: inverseRoot(likeness).map((weights) => finiteNumbers("a kernel's direction", weights)),
  };
}

/** scikit-learn's least singular value. */
const floor = 1e-12;

/** U S^-1/2 V' of a symmetric matrix U S V': its inverse root, where the eigenvalues below 0 keep their sign. */
function inverseRoot(symmetric: readonly (readonly number[])[]): number[][] {
  const { values, vectors } = eigen(new Square(symmetric.map((row) => [...row])));
  const size = Math.max(...values.map(Math.abs));
  const factors = values.map((value) =>
    Math.abs(value) <= symmetric.length * Number.EPSILON * size
      ? 0
      : Math.sign(value) / Math.sqrt(Math.max(Math.abs(value), floor)),
  );
  return vectors.clone().mulRowVector(factors).mmul(vectors.transpose()).to2DArray();
}
