/** What naive Bayes over counts and over yes and no share: sums of each class, priors, and scores that are linear. */
import type { FittedLogisticRegression } from "../../model/steps/logistic-regression.ts";
import { type FitInput, finiteNumbers, type Operator, type Parameters } from "./operator.ts";
import type { PresentClasses } from "./targets.ts";

/** What the columns add to the score of a class, and where the score begins. */
export interface Scores {
  readonly coefficients: readonly Float64Array[];
  readonly intercepts: readonly number[];
}

/** TPOT's: how much is added to each sum, and whether classes are as likely as they are frequent. */
export const discreteNbParameters: Operator["parameters"] = {
  alpha: [1, 0.001, 0.01, 0.1, 10, 100],
  fitPrior: [true, false],
};

/** @returns for each class the sum of each column over its rows, of what `value` makes of a number */
export function sumsByClass(
  { x }: FitInput,
  { classes, places }: PresentClasses,
  value: (number: number) => number,
): Float64Array[] {
  const sums = classes.map(() => new Float64Array(x.columns));
  for (let row = 0, at = 0; row < x.rows; row++) {
    const sum = sums[places[row]!]!;
    for (let c = 0; c < x.columns; c++, at++) sum[c]! += value(x.values[at]!);
  }
  return sums;
}

/** Logarithms: what a class's score begins with. */
export function logPriors({ counts, places }: PresentClasses, { fitPrior }: Parameters): number[] {
  return counts.map((count) => Math.log(fitPrior === true ? count / places.length : 1 / counts.length));
}

/**
 * Scores as the step takes them: of two classes it wants the second one's lead over the first.
 * @throws {OperatorError} where a score is not finite
 */
export function fittedNb({ classes }: PresentClasses, { coefficients, intercepts }: Scores): FittedLogisticRegression {
  const lead = (k: number): Float64Array => coefficients[k]!.map((value, c) => value - coefficients[0]![c]!);
  const two = classes.length === 2;
  return {
    classes,
    coefficients: (two ? [lead(1)] : coefficients).map((row) => finiteNumbers("the score of a column", row)),
    intercepts: finiteNumbers("the score of a class", two ? [intercepts[1]! - intercepts[0]!] : intercepts),
  };
}
