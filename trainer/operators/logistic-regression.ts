/**
 * Logistic regression with a penalty on the squares of the coefficients, as scikit-learn's LogisticRegression with its
 * default solver: of more than two classes multinomial, intercepts without a penalty. TPOT's grid has the penalty l1 and
 * the dual form as well, which that solver refuses; they are left out.
 *
 * The columns are centred and scaled before the search for the least loss, with the penalty changed so that the solution
 * is that of the columns as they were: so a search that scikit-learn gives up after 100 steps ends, and in fewer of them.
 */
import type { FittedLogisticRegression } from "../../model/steps/logistic-regression.ts";
import { centred, moments } from "./columns.ts";
import { minimize, type Objective } from "./l-bfgs.ts";
import { finiteNumbers, type Operator, OperatorError } from "./operator.ts";
import { presentClasses } from "./targets.ts";

const tolerance = 1e-8;
const maxIterations = 500;

export const logisticRegression: Operator = {
  kind: "predictor",
  problemTypes: ["classification"],
  /** C: the smaller, the more the coefficients are held back. */
  parameters: { C: [1, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 5, 25] },
  fit({ x, target }, parameters): FittedLogisticRegression {
    const { classes, places } = presentClasses(target);
    if (classes.length < 2) throw new OperatorError("there are rows of one class only");
    const { means, variances } = moments(x);
    finiteNumbers("the variance of a column", variances);
    /** Of two classes the second alone has a sum. */
    const sums = classes.length === 2 ? 1 : classes.length;
    const strength = 1 / ((parameters["C"] as number) * x.rows);
    // The second derivative of the loss by a coefficient is at most this: so they all become about 1.
    const scales = variances.map((variance) => 1 / Math.sqrt(variance / 4 + strength));
    const moved = centred(x, means);
    for (let at = 0; at < moved.length; at++) moved[at]! *= scales[at % x.columns]!;
    const point = new Float64Array(sums * (x.columns + 1));
    const penalties = scales.map((scale) => strength * scale ** 2);
    minimize(lossOf({ x: moved, columns: x.columns, places, sums, penalties }), point, { tolerance, maxIterations });
    const coefficients = Array.from({ length: sums }, (_, k) =>
      Array.from(scales, (scale, c) => point[k * (x.columns + 1) + c]! * scale),
    );
    const intercepts = coefficients.map((weights, k) =>
      weights.reduce((sum, weight, c) => sum - weight * means[c]!, point[(k + 1) * (x.columns + 1) - 1]! * 2),
    );
    return {
      classes,
      coefficients: coefficients.map((weights) => finiteNumbers("a coefficient", weights)),
      intercepts: finiteNumbers("an intercept", intercepts),
    };
  },
};

interface Problem {
  /** Rows x columns, row by row. */
  readonly x: Float64Array;
  readonly columns: number;
  /** The class of each row. */
  readonly places: Int32Array;
  readonly sums: number;
  /** On half the square of each column's coefficient. */
  readonly penalties: Float64Array;
}

/** Mean loss and penalty. The point holds for each sum its coefficients and then half the intercept. */
function lossOf({ x, columns, places, sums, penalties }: Problem): Objective {
  const scores = new Float64Array(sums);
  const rows = places.length;
  return (point, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let row = 0, from = 0; row < rows; row++, from += columns) {
      for (let k = 0, at = 0; k < sums; k++, at++) {
        let sum = 0;
        for (let c = from; c < from + columns; c++, at++) sum += x[c]! * point[at]!;
        scores[k] = sum + 2 * point[at]!;
      }
      loss += sums === 1 ? binary(scores, places[row]!) : multinomial(scores, places[row]!);
      for (let k = 0, at = 0; k < sums; k++, at++) {
        const slope = scores[k]! / rows;
        for (let c = from; c < from + columns; c++, at++) gradient[at]! += slope * x[c]!;
        gradient[at]! += 2 * slope;
      }
    }
    loss /= rows;
    for (let k = 0, at = 0; k < sums; k++, at++) {
      for (let c = 0; c < columns; c++, at++) {
        loss += 0.5 * penalties[c]! * point[at]! ** 2;
        gradient[at]! += penalties[c]! * point[at]!;
      }
    }
    return loss;
  };
}

/** Answers the loss of a row, and makes of its score the loss's derivative. */
function binary(scores: Float64Array, place: number): number {
  const score = scores[0]!;
  const small = Math.exp(-Math.abs(score));
  scores[0] = (score > 0 ? 1 : small) / (1 + small) - place;
  return Math.log1p(small) + (score > 0 ? (1 - place) * score : -place * score);
}

function multinomial(scores: Float64Array, place: number): number {
  let greatest = -Infinity;
  for (let k = 0; k < scores.length; k++) greatest = Math.max(greatest, scores[k]!);
  const ofTruth = scores[place]! - greatest;
  let total = 0;
  for (let k = 0; k < scores.length; k++) total += scores[k] = Math.exp(scores[k]! - greatest);
  for (let k = 0; k < scores.length; k++) scores[k]! /= total;
  scores[place]! -= 1;
  return Math.log(total) - ofTruth;
}
