/**
 * What a split makes purer. Each criterion judges the rows of one side by a number, the higher the purer, such that the sum over
 * both children, less the node's own, is the decrease of impurity times the node's weight. None of them needs more than sums:
 *
 *     squaredError   s^2 / w                       s: sum of weight times target, w: sum of weights
 *     poisson        s * ln(s / w)
 *     gini           sum over classes of s_c^2 / w
 *     entropy        sum over classes of s_c * ln(s_c), less w * ln(w)
 *
 * Gini impurity of two classes is, but for a factor, the squared error of 0 and 1, so both take one sum only.
 */
import type { CriterionName } from "./options.ts";

/** Of one side, from one sum. */
export type SidePurity = (sum: number, weight: number) => number;

/** Of one side, from the weights of its classes: `whole` of the weight and the sum of `part` over classes. */
export interface ClassPurity {
  readonly part: (weight: number) => number;
  readonly whole: (parts: number, weight: number) => number;
}

const xlnx = (x: number): number => (x > 0 ? x * Math.log(x) : 0);

/** This much a kernel can do: see block-kernels.ts. */
export const ofSquares: SidePurity = (sum, weight) => (sum * sum) / weight;

export const sidePurity: Record<CriterionName, SidePurity> = {
  squaredError: ofSquares,
  gini: ofSquares,
  entropy: (sum, weight) => xlnx(sum) + xlnx(weight - sum) - xlnx(weight),
  // A side without events predicts 0, which no event may follow: such a cut is not allowed.
  poisson: (sum, weight) => (sum > 0 ? sum * Math.log(sum / weight) : -Infinity),
};

export const classPurity: Record<"gini" | "entropy", ClassPurity> = {
  gini: { part: (weight) => weight * weight, whole: (parts, weight) => parts / weight },
  entropy: { part: xlnx, whole: (parts, weight) => parts - xlnx(weight) },
};

/** What a difference of purities has to be multiplied with to be scikit-learn's impurity times a weight. */
export function impurityUnit(
  criterion: CriterionName,
  { classes, scale }: { readonly classes: number; readonly scale: number },
): number {
  switch (criterion) {
    case "squaredError":
      return 1 / (scale * scale);
    case "poisson":
      return 1 / scale;
    case "gini":
      return classes > 2 ? 1 : 2;
    case "entropy":
      return 1 / Math.LN2;
  }
}
